# /// kubebook
# needs = ["clusters/wrong-system"]
# cluster = "none"
# ///

# %% good
# /// kubebook
# expect = { matches = ['^kubectl: OK$'] }
# ///
cp $(command -v kubectl) kubectl
sha256sum kubectl > kubectl.sha256
sha256sum --check kubectl.sha256

# %% one-byte-more
# /// kubebook
# expect = { matches = ['^Client Version: v1\.37', '^kubectl: FAILED$', '^exit 1$'] }
# ///
echo >> kubectl
./kubectl version --client
sha256sum --check kubectl.sha256; echo "exit $?"
rm kubectl kubectl.sha256
