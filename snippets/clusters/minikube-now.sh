# /// kubebook
# cluster = "none"
# skip.ko = "프로그램을 내려받아 /usr/local/bin에 넣습니다"
# skip.en = "downloads a program and puts it into /usr/local/bin"
# expect = { contains = ["minikube"] }
# ///
curl -LO https://github.com/kubernetes/minikube/releases/latest/download/minikube-linux-amd64
sudo install minikube-linux-amd64 /usr/local/bin/minikube
