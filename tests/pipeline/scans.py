"""Files for tests to read: drawn pages, small PDF documents written by hand, encrypted ones too."""

import hashlib
import io

from PIL import Image, ImageDraw, ImageFont

from review_db.records import Word

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def drawn_page(lines, size=(900, 1200), font_size=28):
    """Return a white page with one line of text under the other."""
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(font_size)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 2 * font_size * number), line, fill="black", font=font)
    return image


def read_words(lines, size=(900, 1200), font_size=28):
    """Return the words of `drawn_page`, each with the box in which it is drawn."""
    font, words = ImageFont.load_default(font_size), []
    for number, line in enumerate(lines):
        top, across = 80 + 2 * font_size * number, 80.0
        for text in line.split():
            box = (across, top, across + font.getlength(text), top + 1.2 * font_size)
            words.append(Word(text, tuple(edge / size[n % 2] for n, edge in enumerate(box)), 0.9, number))
            across += font.getlength(f"{text} ")
    return words


def encoded(image, image_format="JPEG", **options):
    """Return the bytes of an image file."""
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def scanned_pdf(images):
    """Return a PDF whose pages are pictures."""
    stream = io.BytesIO()
    images[0].save(stream, "PDF", save_all=True, append_images=images[1:])
    return stream.getvalue()


def text_pdf(*pages, encryption=b""):
    """Return a PDF of pages (width and height in points, text, clockwise rotation) with real text."""
    first = 4
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, (width, height, text, rotation) in enumerate(pages):
        content = b"BT /F1 24 Tf 72 %d Td (%s) Tj ET" % (height - 96, text.encode())
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % (width, height, rotation, first + 2 * number + 1)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return _document(objects, encryption)


def encrypted_pdf(user_password=b"secret"):
    """Return a PDF that only its user password opens; with an empty one anybody can, its owner's rights aside."""
    owner, permissions, file_id = b"O" * 32, -4, b"0123456789abcdef"
    padded = (user_password + _PADDING)[:32]
    key = hashlib.md5(padded + owner + permissions.to_bytes(4, "little", signed=True) + file_id).digest()[:5]
    user = _rc4(key, _PADDING)
    extra = b"/ID[<%s><%s>]/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P %d/O<%s>/U<%s>>>" % (
        file_id.hex().encode(),
        file_id.hex().encode(),
        permissions,
        owner.hex().encode(),
        user.hex().encode(),
    )
    return text_pdf((300, 200, "", 0), encryption=extra)


def _document(objects, extra):
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, extra, len(body))
    )


def _rc4(key, data):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i, j, out = 0, 0, bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
