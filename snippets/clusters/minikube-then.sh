# /// kubebook
# cluster = "none"
# skip.ko = "macOS용 프로그램을 내려받습니다"
# skip.en = "downloads a program for macOS"
# expect = { contains = ["minikube"] }
# ///
curl -Lo minikube https://storage.googleapis.com/minikube/releases/v0.28.2/minikube-darwin-amd64 && chmod +x minikube && sudo mv minikube /usr/local/bin/
