# /// kubebook
# cluster = "none"
# skip.ko = "minikube가 쓰는 클러스터의 이미지를 내려받습니다"
# skip.en = "downloads the images of minikube's own cluster"
# expect = { contains = ["minikube"] }
# ///
minikube start
kubectl config use-context minikube
kubectl get pods --context=minikube
minikube addons list
minikube delete
