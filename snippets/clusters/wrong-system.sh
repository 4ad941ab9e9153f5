# /// kubebook
# needs = ["clusters/magic"]
# cluster = "none"
# expect = { contains = ["cannot execute binary file", "exit 126"] }
# ///
./minikube version; echo "exit $?"
rm minikube
