# /// kubebook
# cluster = "none"
# skip.ko = "프로그램을 내려받아 /usr/local/bin에 넣습니다"
# skip.en = "downloads a program and puts it into /usr/local/bin"
# expect = { contains = ["kubectl: OK"] }
# ///
URL=https://dl.k8s.io/release/v1.37.2/bin/linux/amd64/kubectl
curl -LO $URL
echo "$(curl -L $URL.sha256)  kubectl" | sha256sum --check &&
  sudo install -m 755 kubectl /usr/local/bin/kubectl
