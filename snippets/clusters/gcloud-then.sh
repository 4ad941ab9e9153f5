# /// kubebook
# cluster = "none"
# skip.ko = "Google Cloud 계정이 필요하고, 이미지 계열 centos-7도 이제 없습니다"
# skip.en = "needs a Google Cloud account; the image family centos-7 is gone as well"
# expect = { contains = ["RUNNING"] }
# ///
gcloud compute disks create disk1 --image-project centos-cloud --image-family centos-7
gcloud components update
gcloud compute images create nested-vm-image \
  --source-disk disk1 --source-disk-zone asia-northeast1-c \
  --licenses "https://www.googleapis.com/compute/v1/projects/vm-options/global/licenses/enable-vmx"
gcloud compute instances create example-nested-vm --zone asia-northeast1-c \
  --image nested-vm-image
gcloud compute ssh example-nested-vm
