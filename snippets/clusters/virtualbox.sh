# /// kubebook
# cluster = "none"
# skip.ko = "지난 일입니다. CentOS 7과 VirtualBox 5.1은 이제 지원되지 않습니다"
# skip.en = "history: CentOS 7 and VirtualBox 5.1 are no longer supported"
# expect = { contains = ["Complete!"] }
# ///
sudo yum -y install kernel-devel kernel-headers dkms
sudo yum -y groupinstall "Development Tools"
sudo yum update
wget http://download.virtualbox.org/virtualbox/debian/oracle_vbox.asc
sudo rpm --import oracle_vbox.asc
sudo wget http://download.virtualbox.org/virtualbox/rpm/el/virtualbox.repo -O /etc/yum.repos.d/virtualbox.repo
sudo yum -y install VirtualBox-5.1
