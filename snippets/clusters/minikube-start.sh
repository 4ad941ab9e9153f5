# /// kubebook
# cluster = "none"
# skip = "downloads the images of minikube's own cluster"
# expect = { contains = ["minikube"] }
# ///
minikube start
kubectl config use-context minikube
kubectl get pods --context=minikube
minikube addons list
minikube delete
