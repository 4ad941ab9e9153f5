# /// kubebook
# cluster = "none"
# skip.ko = "프로그램을 내려받습니다. 이 저장소에는 2024년부터 새 버전이 올라오지 않습니다"
# skip.en = "downloads a program; this bucket has had no new version since 2024"
# expect = { contains = ["kubectl"] }
# ///
curl -LO https://storage.googleapis.com/kubernetes-release/release/$(curl -s https://storage.googleapis.com/kubernetes-release/release/stable.txt)/bin/linux/amd64/kubectl
chmod +x ./kubectl
sudo mv ./kubectl /usr/local/bin/kubectl
