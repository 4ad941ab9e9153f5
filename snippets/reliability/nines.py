# /// kubebook
# cluster = "none"
# ///

# %% nines
# /// kubebook
# expect = { matches = [
#   '^99% +87\.6h +7\.3h$',
#   '^99\.9% +8\.8h +43\.8m$',
#   '^99\.999% +5\.3m +26\.3s$',
# ] }
# ///
def span(seconds):
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds / size:.1f}{unit}"
    return f"{seconds:.1f}s"


YEAR = 365 * 24 * 3600
print("ANSWERED  DOWN IN A YEAR  DOWN IN A MONTH")
for nines in (2, 3, 4, 5):
    down = YEAR / 10**nines
    print(f"{1 - 10**-nines:.{nines - 2}%}".ljust(9), span(down).ljust(15), span(down / 12))

# %% copies
# /// kubebook
# expect = { matches = [
#   '^1 +99\.0000% +99\.0000%$',
#   '^2 +99\.9900% +98\.0100%$',
#   '^3 +99\.9999% +97\.0299%$',
# ] }
# ///
print("PARTS  ONE OF THEM IS ENOUGH  ALL ARE NEEDED")
for parts in (1, 2, 3):
    print(f"{parts:<6} {1 - 0.01**parts:<22.4%} {0.99**parts:.4%}")
