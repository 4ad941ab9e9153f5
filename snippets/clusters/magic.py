# /// kubebook
# needs = ["clusters/old-server"]
# cluster = "none"
# expect = { matches = [
#   '^kubectl +7f454c46 +ELF \(Linux\)$',
#   '^minikube +cffaedfe +Mach-O \(macOS\)$',
# ] }
# ///
import shutil
from pathlib import Path

FORMATS = {
    "7f454c46": "ELF (Linux)",
    "cffaedfe": "Mach-O (macOS)",
    "4d5a": "PE (Windows)",
}

# The first bytes of a minikube-darwin-amd64: Mach-O of 64 bits, for x86-64
Path("minikube").write_bytes(bytes.fromhex("cffaedfe 07000001"))
Path("minikube").chmod(0o755)

print("FILE       MAGIC      FORMAT")
for path in (Path(shutil.which("kubectl")), Path("minikube")):
    magic = path.open("rb").read(4).hex()
    known = [name for start, name in FORMATS.items() if magic.startswith(start)]
    print(f"{path.name:<10} {magic:<10} {known[0] if known else 'unknown'}")
