# /// kubebook
# cluster = "none"
# skip = "downloads a program and puts it into /usr/local/bin"
# expect = { contains = ["minikube"] }
# ///
curl -LO https://github.com/kubernetes/minikube/releases/latest/download/minikube-linux-amd64
sudo install minikube-linux-amd64 /usr/local/bin/minikube
