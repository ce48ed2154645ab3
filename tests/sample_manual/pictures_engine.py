"""What the pictures of the engine pages show."""

from tests.sample_manual.photo import Photo
from tests.sample_manual.pictures import around


def damper_mark(photo: Photo) -> None:
    """Vibration damper with timing mark and pointer."""
    photo.clutter(26, 20, 220)
    photo.disc(150, 128, 92, 88, 120, 10, 40)
    for r in (82, 74, 66):
        photo.ring(150, 128, r, r * 0.95, 15, 2)
    photo.disc(150, 128, 42, 40, 180, 4)
    photo.bolt(150, 128, 18, 5)
    for x, y in around(150, 128, 31, 29, 6, 30):
        photo.hole(x, y, 4)
    photo.casting([(140, 8), (176, 4), (164, 40), (158, 46)], 215)
    photo.line([(157, 44), (156, 58)], 255, 3)
    photo.tube([(-6, 150), (40, 120), (62, 30)], 10, 70)


def cam_and_feeler(photo: Photo) -> None:
    """Cam lobe over its follower with a feeler gage between."""
    photo.clutter(16, 20, 190)
    photo.tube([(-10, 60), (290, 52)], 18, 160)
    photo.casting([(108, 18), (160, 14), (174, 60), (136, 104), (106, 64)], 190)
    photo.casting([(220, 22), (262, 20), (268, 84), (226, 90)], 150)
    photo.disc(138, 134, 42, 20, 205, 34, 40)
    photo.disc(28, 134, 36, 17, 185, 34, 40)
    photo.casting([(136, 108), (278, 132), (278, 142), (132, 116)], 235, 0.6)
    photo.bolt(244, 40, 9)


def firing_order(photo: Photo) -> None:
    """The valve gear seen from above."""
    photo.fade(90, 20)
    photo.casting([(8, 30), (270, 18), (276, 196), (4, 204)], 130)
    for row in (70, 150):
        photo.tube([(0, row), (280, row - 6)], 12, 150)
        for i in range(8):
            x = 24 + i * 33
            photo.casting([(x, row - 22 + (i % 3) * 6), (x + 14, row - 24), (x + 15, row + 18), (x + 1, row + 22)], 185)
    for i in range(4):
        photo.disc(40 + i * 66, 109, 15, 13, 120, 3)
        photo.hole(40 + i * 66, 109, 7)


def sprocket(photo: Photo) -> None:
    """Camshaft sprocket with chain, held by a wrench."""
    photo.clutter(22, 20, 200)
    photo.casting([(10, 20), (120, -6), (128, 222), (6, 222)], 95)
    photo.gear(152, 104, 76, 34, 0.97, 150)
    for x, y in around(152, 104, 84, 82, 44):
        photo.bolt(x, y, 3.6)
    photo.bolt(152, 104, 15, 0)
    for x, y in around(152, 104, 46, 44, 5, 18):
        photo.hole(x, y, 9)
    photo.casting([(162, 98), (284, 60), (284, 82), (170, 112)], 210)


def tensioner(photo: Photo) -> None:
    """Chain tensioner with its rail pushed back and pinned."""
    photo.clutter(22, 25, 210)
    photo.casting([(60, -4), (84, -4), (112, 100), (96, 216), (70, 216), (84, 100)], 165)
    photo.casting([(120, 70), (214, 58), (222, 130), (130, 142)], 150)
    photo.tube([(84, 104), (140, 100)], 15, 190)
    photo.spring((140, 100), (196, 95), 9, 6)
    photo.bolt(204, 74, 8)
    photo.bolt(210, 118, 8)
    photo.tube([(128, 42), (134, 122)], 2.4, 235)


def chain_marks(photo: Photo) -> None:
    """Marks on crankshaft sprocket and block facing each other."""
    photo.clutter(18, 20, 180)
    photo.casting([(0, 0), (280, 0), (280, 84), (180, 72), (120, 70), (0, 90)], 130)
    photo.gear(150, 150, 62, 22, 0.96, 160)
    photo.hole(150, 150, 20)
    for x, y in around(150, 150, 68, 66, 26):
        photo.bolt(x, y, 4.4)
    photo.line([(150, 74), (150, 88)], 255, 3)
    photo.line([(150, 96), (150, 108)], 255, 3)


def chain_length(photo: Photo) -> None:
    """A length of chain stretched along a rule."""
    photo.fade(250, 215)
    for i in range(16):
        x = 12 + i * 16.5
        photo.casting([(x, 78), (x + 14, 78), (x + 14, 96), (x, 96)], 130 if i % 2 else 170)
        photo.bolt(x + 7, 87, 4.2)
    photo.casting([(4, 120), (276, 120), (276, 150), (4, 150)], 225)
    for i in range(54):
        photo.line([(8 + i * 5, 120), (8 + i * 5, 132 if i % 5 else 140)], 10, 0.9)


def cover_bead(photo: Photo) -> None:
    """Timing cover with a bead of sealant and the places that take more."""
    photo.clutter(16, 30, 200)
    photo.casting([(40, 10), (230, 4), (252, 110), (200, 206), (84, 208), (30, 120)], 150)
    photo.casting([(58, 28), (214, 22), (232, 108), (188, 188), (96, 190), (50, 116)], 70)
    for x, y in ((50, 20), (222, 14), (242, 112), (196, 196), (90, 200), (38, 118)):
        photo.bolt(x, y, 6)
    photo.disc(142, 118, 36, 34, 160, 4)
    photo.hole(142, 118, 20)
    photo.arrow(58, 26, 225, 26)
    photo.arrow(218, 20, 315, 26)


def head_bolt_wrench(photo: Photo) -> None:
    """Angle gage between wrench and cylinder head bolt."""
    photo.clutter(22, 20, 200)
    photo.casting([(0, 120), (280, 96), (280, 214), (0, 214)], 130)
    for i in range(4):
        photo.bolt(36 + i * 70, 164 - i * 6, 11, 10 + i * 9)
    photo.disc(146, 92, 46, 22, 235, 4, 15)
    for x, y in around(146, 92, 42, 19, 24):
        photo.line([(146 + (x - 146) * 0.85, 92 + (y - 92) * 0.85), (x, y)], 10, 0.9)
    photo.tube([(146, 150), (146, 60)], 10, 165)
    photo.tube([(146, 60), (276, 24)], 9, 150)


def oil_filter(photo: Photo) -> None:
    """Oil filter housing on the block."""
    photo.clutter(26, 20, 220)
    photo.tube([(120, 30), (132, 190)], 46, 120)
    photo.disc(118, 34, 46, 18, 170, 6)
    photo.bolt(118, 32, 13)
    photo.tube([(166, 150), (220, 170), (288, 160)], 10, 90)
    photo.casting([(186, 60), (244, 52), (250, 108), (192, 116)], 150)
    photo.bolt(216, 84, 10)
