# /// kubebook
# cluster = "none"
# skip.ko = "Google Cloud 계정이 필요합니다"
# skip.en = "needs a Google Cloud account"
# expect = { contains = ["RUNNING"] }
# ///
gcloud compute instances create nested --zone asia-northeast1-c \
  --image-project debian-cloud --image-family debian-12 \
  --machine-type n2-standard-4 --enable-nested-virtualization
gcloud compute ssh nested --zone asia-northeast1-c
