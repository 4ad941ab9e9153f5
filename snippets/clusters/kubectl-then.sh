# /// kubebook
# cluster = "none"
# skip = "downloads a program; this bucket has had no new version since 2024"
# expect = { contains = ["kubectl"] }
# ///
curl -LO https://storage.googleapis.com/kubernetes-release/release/$(curl -s https://storage.googleapis.com/kubernetes-release/release/stable.txt)/bin/linux/amd64/kubectl
chmod +x ./kubectl
sudo mv ./kubectl /usr/local/bin/kubectl
