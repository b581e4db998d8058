"""Reads QR codes from pictures by ISO/IEC 18004, without whatever drew them: from pixels to modules to text.

For pictures without noise: straight, in whole pixels to a module. Errors are not corrected but found: every block's
Reed-Solomon syndromes must be zero. Versions 1 to 15, levels M, Q and H, byte mode.
"""

import re
import struct
import xml.etree.ElementTree as ET
import zlib

# By level and version: error correction codewords of a block, then (blocks, data codewords) of each group.
BLOCKS = {
    "M": [
        (10, (1, 16)), (16, (1, 28)), (26, (1, 44)), (18, (2, 32)), (24, (2, 43)), (16, (4, 27)), (18, (4, 31)),
        (22, (2, 38), (2, 39)), (22, (3, 36), (2, 37)), (26, (4, 43), (1, 44)), (30, (1, 50), (4, 51)),
        (22, (6, 36), (2, 37)), (22, (8, 37), (1, 38)), (24, (4, 40), (5, 41)), (24, (5, 41), (5, 42)),
    ],
    "Q": [
        (13, (1, 13)), (22, (1, 22)), (18, (2, 17)), (26, (2, 24)), (18, (2, 15), (2, 16)), (24, (4, 19)),
        (18, (2, 14), (4, 15)), (22, (4, 18), (2, 19)), (20, (4, 16), (4, 17)), (24, (6, 19), (2, 20)),
        (28, (4, 22), (4, 23)), (26, (4, 20), (6, 21)), (24, (8, 20), (4, 21)), (20, (11, 16), (5, 17)),
        (30, (5, 24), (7, 25)),
    ],
    "H": [
        (17, (1, 9)), (28, (1, 16)), (22, (2, 13)), (16, (4, 9)), (22, (2, 11), (2, 12)), (28, (4, 15)),
        (26, (4, 13), (1, 14)), (26, (4, 14), (2, 15)), (24, (4, 12), (4, 13)), (28, (6, 15), (2, 16)),
        (24, (3, 12), (8, 13)), (28, (7, 14), (4, 15)), (22, (12, 11), (4, 12)), (24, (11, 12), (5, 13)),
        (24, (11, 12), (7, 13)),
    ],
}  # fmt: skip
ALIGNMENT = [
    [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50], [6, 30, 54],
    [6, 32, 58], [6, 34, 62], [6, 26, 46, 66], [6, 26, 48, 70],
]  # fmt: skip
LEVELS = {0b00: "M", 0b10: "H", 0b11: "Q"}
MASKS = [
    lambda i, j: (i + j) % 2 == 0, lambda i, j: i % 2 == 0, lambda i, j: j % 3 == 0, lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0, lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0, lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
]  # fmt: skip


def read_png(picture):
    """The text of the code in a PNG of 8 bits RGB(A) or one bit of grey."""
    return read_modules(sampled(png_pixels(picture)))


def read_svg(picture):
    """The text of the code in an SVG whose dark modules are one path of horizontal strokes."""
    return read_modules(svg_pixels(picture))


def svg_pixels(picture):
    """One pixel to a module."""
    root = ET.fromstring(picture)
    size = int(root.get("viewBox").split()[2])
    rows = [[False] * size for _ in range(size)]
    path = next(one for one in root.iter("{http://www.w3.org/2000/svg}path") if one.get("stroke") == "#000")
    x = y = 0
    for kind, numbers in re.findall(r"([Mmh])([-0-9. ]*)", path.get("d")):
        values = [float(one) for one in numbers.split()]
        if kind == "h":
            for at in range(int(x), int(x + values[0])):
                rows[int(y)][at] = True
            x += values[0]
        else:
            x, y = values if kind == "M" else (x + values[0], y + values[1])
    return sampled(rows, size=1)


def png_pixels(picture):
    """The rows of a PNG, dark as True; every filter of the format is undone."""
    width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
    channels = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    packed = zlib.decompress(b"".join(body for kind, body in _chunks(picture) if kind == b"IDAT"))
    step, line = max(1, channels * depth // 8), (width * channels * depth + 7) // 8
    rows, before = [], bytearray(line)
    for number in range(height):
        start = number * (line + 1)
        before = _unfiltered(packed[start], bytearray(packed[start + 1 : start + 1 + line]), before, step)
        rows.append(before)
    if depth == 1:
        return [[not row[at // 8] >> (7 - at % 8) & 1 for at in range(width)] for row in rows]
    return [[row[at * channels] < 128 for at in range(width)] for row in rows]


def _chunks(picture):
    at = 8
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += size + 12


def _unfiltered(kind, row, before, step):
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        corner = before[at - step] if at >= step else 0
        up = before[at]
        nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        row[at] = (row[at] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return row


def sampled(rows, size=None):
    """The modules of the code that the dark pixels span; the corner pattern's seven dark modules tell their size."""
    dark = [at for at, row in enumerate(rows) if any(row)]
    across = [at for row in rows for at, one in enumerate(row) if one]
    top, bottom, left, right = dark[0], dark[-1], min(across), max(across)
    assert min(top, left, len(rows) - 1 - bottom, len(rows[0]) - 1 - right) > 0, "there is no quiet zone"
    if size is None:
        size = next(at for at in range(left, right) if not rows[top][at]) - left
        size /= 7
    count = round((right - left + 1) / size)
    centre = [int((at + 0.5) * size) for at in range(count)]
    return [[rows[top + y][left + x] for x in centre] for y in centre]


def read_modules(modules):
    """The text of a code's modules, without quiet zone."""
    size = len(modules)
    version = (size - 17) // 4
    level, mask = _format(modules)
    taken = _functions(size, version)
    bits = []
    columns = [column for column in range(size - 1, -1, -1) if column != 6]
    for place, pair in enumerate(zip(columns[::2], columns[1::2], strict=True)):
        for row in range(size - 1, -1, -1) if place % 2 == 0 else range(size):
            free = [column for column in pair if (row, column) not in taken]
            bits += [modules[row][column] ^ MASKS[mask](row, column) for column in free]
    codewords = [sum(bit << 7 - at for at, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits) - 7, 8)]
    return _text(_data(codewords, *BLOCKS[level][version - 1]), version)


def _format(modules):
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    value = int("".join("01"[modules[y][x]] for y, x in places), 2) ^ 0b101010000010010
    rest = value
    for at in range(14, 9, -1):  # BCH (15, 5)
        rest ^= (0b10100110111 << at - 10) * (rest >> at & 1)
    assert rest == 0, "the format information is damaged"
    return LEVELS[value >> 13], value >> 10 & 0b111


def _functions(size, version):
    """The places of what is no data: corners with the format beside them, timing, alignment, version."""
    taken = {(y, x) for y in range(9) for x in range(9)}
    taken |= {(y, x) for y in range(9) for x in range(size - 8, size)}
    taken |= {(x, y) for y in range(9) for x in range(size - 8, size)}
    taken |= {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    centres = ALIGNMENT[version - 1]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for y, x in {(y, x) for y in centres for x in centres} - corners:
        taken |= {(y + dy, x + dx) for dy in range(-2, 3) for dx in range(-2, 3)}
    if version >= 7:
        taken |= {(y, x) for y in range(6) for x in range(size - 11, size - 8)}
        taken |= {(x, y) for y in range(6) for x in range(size - 11, size - 8)}
    return taken


def _data(codewords, correction, *groups):
    lengths = [length for count, length in groups for _ in range(count)]
    blocks = [[] for _ in lengths]
    stream = iter(codewords)
    for at in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if at < length:
                block.append(next(stream))
    data = [one for block in blocks for one in block]
    for _ in range(correction):
        for block in blocks:
            block.append(next(stream))
    assert all(_syndrome(block, power) == 0 for block in blocks for power in range(correction)), "a block is damaged"
    return data


def _syndrome(block, power):
    value, root = 0, _power(power)
    for one in block:
        value = _times(value, root) ^ one
    return value


def _power(exponent):
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _times(a, b):
    """In GF(256) with x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a = a << 1 ^ 0x11D * (a >> 7)
        b >>= 1
    return product


def _text(data, version):
    bits = "".join(f"{one:08b}" for one in data)
    at, told = 0, b""
    while bits[at : at + 4] == "0100":
        width = 8 if version < 10 else 16
        count = int(bits[at + 4 : at + 4 + width], 2)
        at += 4 + width
        told += bytes(int(bits[at + 8 * n : at + 8 * n + 8], 2) for n in range(count))
        at += 8 * count
    assert bits[at : at + 4] in ("0000"[: len(bits) - at], ""), "another mode than bytes"
    return told.decode()
