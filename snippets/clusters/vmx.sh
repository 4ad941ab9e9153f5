# /// kubebook
# volatile = [{ where = "CPUS", reason = "another machine has other processors" }, { where = "VMX OR SVM", reason = "another machine has other processors" }]
# ///

# %% count
# /// kubebook
# expect = { matches = ['^4$'] }
# ///
for cpu in 0 1 2 3; do
  printf 'processor : %s\nflags : fpu vmx sse2\n' $cpu
done > cpuinfo
grep -cw vmx cpuinfo

# %% flags
# /// kubebook
# expect = { matches = ['^8$'] }
# ///
sed '/^flags/a vmx flags : vnmi ept' cpuinfo | grep -cw vmx

# %% amd
# /// kubebook
# expect = { matches = ['^vmx 0$', '^either 4$'] }
# ///
sed -i 's/vmx/svm/' cpuinfo
echo vmx $(grep -cw vmx cpuinfo)
echo either $(grep -cwE 'vmx|svm' cpuinfo)
rm cpuinfo

# %% here
# /// kubebook
# expect = { matches = ['^[1-9][0-9]* +[0-9]+$'] }
# ///
echo "CPUS   VMX OR SVM"
echo "$(nproc)      $(grep -cwE 'vmx|svm' /proc/cpuinfo)"

# %% ready
# /// kubebook
# expect = { matches = ['^control-plane +Ready '] }
# ///
kubectl get nodes
