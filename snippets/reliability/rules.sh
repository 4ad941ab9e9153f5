# /// kubebook
# needs = ["reliability/shares"]
# cluster = "three"
# expect = { matches = [':8080" .* 0\.3333\d+$', ':8080" .* 0\.5000\d+$', ':8080"$'] }
# ///
docker exec worker iptables-save -t nat | grep -o '"default/lb -> .*-j' | sed 's/ -j$//'
