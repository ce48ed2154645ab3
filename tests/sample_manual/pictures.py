"""What the pictures of the clutch, brake and gearbox pages show."""

import math

from tests.sample_manual.photo import Photo, Point, curve


def around(x: float, y: float, rx: float, ry: float, count: int, turn: float = 0) -> list[Point]:
    """Points spaced evenly on an ellipse."""
    angles = [math.radians(turn + 360 * i / count) for i in range(count)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def _bell(photo: Photo) -> None:
    """The open mouth of the clutch housing behind the subject."""
    photo.clutter(18, 25, 200)
    photo.casting([(20, -10), (262, -10), (278, 120), (220, 222), (50, 222), (2, 110)], 105)
    photo.disc(140, 104, 118, 96, 70, 2, 20)
    for x, y in around(140, 104, 128, 104, 9, 15):
        photo.hole(x, y, 4)


def pressure_plate(photo: Photo) -> None:
    """Clutch cover on the flywheel, holder fitted below."""
    _bell(photo)
    photo.gear(140, 104, 108, 70, 0.84, 140)
    photo.disc(140, 102, 88, 74, 170, 6)
    for x, y in around(140, 102, 78, 65, 6, 20):
        photo.bolt(x, y, 6.5)
    for x, y in around(140, 102, 52, 43, 18):
        photo.line([(140 + (x - 140) * 0.45, 102 + (y - 102) * 0.45), (x, y)], 20, 1.6)
    photo.hole(140, 102, 21, 18)
    photo.casting([(205, 168), (268, 150), (278, 172), (220, 190)], 190)


def cover_and_mandrel(photo: Photo) -> None:
    """Cover and drive plate drawn off along the centring mandrel."""
    photo.fade(235, 150)
    photo.disc(62, 106, 40, 92, 120, 7, 50)
    photo.disc(118, 106, 30, 72, 165, 6)
    photo.disc(190, 106, 22, 62, 205, 3, 30)
    photo.ring(190, 106, 15, 44, 30)
    for x, y in around(190, 106, 11, 30, 6):
        photo.hole(x, y, 3, 5)
    photo.tube([(40, 106), (262, 106)], 7, 170)
    photo.tube([(214, 106), (272, 106)], 10, 120)


def lining_gage(photo: Photo) -> None:
    """A caliper over the edge of the drive plate."""
    photo.fade(245, 200)
    photo.disc(100, 190, 120, 74, 205, 8, 30)
    photo.disc(100, 186, 78, 46, 110, 3)
    for x, y in around(100, 188, 100, 60, 16, 8):
        photo.hole(x, y, 3, 2)
    photo.casting([(150, 30), (268, 30), (268, 46), (150, 46)], 190)
    photo.casting([(196, 44), (210, 44), (206, 138), (200, 138)], 170)
    photo.casting([(222, 44), (240, 44), (226, 150), (220, 150)], 170)
    for i in range(22):
        photo.line([(154 + i * 5, 38 if i % 5 else 33), (154 + i * 5, 45)], 10, 0.8)


def pilot_bearing(photo: Photo) -> None:
    """End of the crankshaft with the pilot bearing."""
    photo.clutter(24, 25, 230)
    photo.disc(136, 104, 84, 78, 150, 9)
    for x, y in around(136, 104, 66, 61, 8, 10):
        photo.hole(x, y, 6)
    photo.disc(136, 104, 36, 33, 195, 2)
    for x, y in around(136, 104, 26, 24, 9):
        photo.bolt(x, y, 3)
    photo.hole(136, 104, 15, 14)


def drive_plate(photo: Photo) -> None:
    """Drive plate seen from the side with its long hub."""
    photo.fade(250, 215)
    photo.disc(96, 108, 26, 88, 175, 5, 60)
    photo.disc(112, 108, 22, 58, 130, 4)
    for x, y in around(112, 108, 15, 42, 6):
        photo.spring((x - 2, y - 8), (x + 2, y + 8), 5, 4)
    photo.tube([(112, 108), (206, 108)], 21, 165)
    photo.disc(206, 108, 8, 20, 210, 0)
    photo.hole(206, 108, 5, 13)


def input_shaft(photo: Photo) -> None:
    """The splined input shaft coming out of the gearbox."""
    photo.clutter(22, 20, 220)
    photo.casting([(-10, 20), (92, 40), (104, 168), (-10, 200)], 120)
    photo.disc(96, 106, 26, 58, 150, 5)
    photo.tube([(96, 106), (250, 106)], 19, 160)
    for offset in (-14, -7, 0, 7, 13):
        photo.line([(132, 106 + offset), (214, 106 + offset)], 15, 1.8)
        photo.line([(132, 103 + offset), (214, 103 + offset)], 235, 1.2)
    photo.disc(250, 106, 7, 12, 220, 0)


def plate_bolts(photo: Photo) -> None:
    """Detail of three cover bolts with the torque wrench socket."""
    photo.clutter(16, 30, 210)
    photo.disc(60, 240, 220, 190, 165, 8, 60)
    photo.ring(60, 240, 150, 130, 30, 2)
    for x, y in ((92, 84), (178, 128), (226, 196)):
        photo.bolt(x, y, 15, 25)
        photo.arrow(x + 14, y - 14, 135, 24)
    photo.tube([(178, 128), (272, 22)], 14, 120)


def slave_cylinder(photo: Photo) -> None:
    """Slave cylinder on the clutch housing with its line."""
    photo.clutter(26, 20, 210)
    photo.casting([(0, 40), (120, 22), (150, 120), (130, 206), (0, 212)], 120)
    photo.tube([(98, 112), (212, 88)], 24, 165)
    photo.casting([(112, 62), (136, 60), (146, 150), (120, 152)], 170)
    photo.bolt(126, 74, 8)
    photo.bolt(134, 138, 8)
    photo.tube([(210, 88), (240, 84)], 9, 120)
    photo.tube(curve((238, 84), (276, 76), (276, 0)), 4, 170)
    photo.tube([(180, 70), (182, 52)], 5, 190)


def repair_kit(photo: Photo) -> None:
    """Parts of the slave cylinder laid out in order."""
    photo.fade(252, 236)
    photo.tube([(20, 84), (36, 90)], 14, 60)
    photo.tube([(48, 94), (92, 108)], 4, 170)
    photo.ring(108, 112, 5, 13, 15, 2)
    photo.tube([(122, 116), (150, 124)], 13, 180)
    photo.tube([(166, 130), (178, 134)], 13, 50)
    photo.spring((190, 136), (244, 152), 10, 7)
    photo.tube([(216, 60), (216, 86)], 5, 160)
    photo.bolt(216, 58, 6)


def cylinder_bore(photo: Photo) -> None:
    """The bare cylinder, bore to the front."""
    photo.fade(240, 190)
    photo.tube([(150, 84), (256, 60)], 34, 140)
    photo.casting([(86, 42), (128, 30), (146, 168), (104, 184)], 160)
    photo.disc(128, 104, 30, 40, 180, 4)
    photo.hole(128, 104, 18, 25)
    photo.hole(104, 58, 6)
    photo.hole(122, 160, 6)


def bleeding(photo: Photo) -> None:
    """Hose on the bleeder, its end in a jar."""
    photo.clutter(24, 20, 200)
    photo.tube([(20, 70), (120, 50)], 22, 150)
    photo.tube([(96, 52), (98, 28)], 6, 190)
    photo.tube(curve((98, 26), (230, -40), (214, 150)), 5, 205)
    photo.casting([(180, 104), (250, 104), (246, 200), (184, 200)], 205)
    photo.casting([(184, 150), (247, 150), (244, 198), (186, 198)], 110)
    photo.disc(215, 104, 35, 6, 225, 0, 10)


def pedal_travel(photo: Photo) -> None:
    """Push rod between release lever and cylinder."""
    photo.fade(248, 225)
    photo.casting([(60, 10), (84, 14), (78, 120), (66, 200), (48, 196), (56, 110)], 140)
    photo.tube([(76, 104), (150, 104)], 5, 190)
    photo.tube([(150, 104), (250, 104)], 26, 150)
    photo.tube([(128, 104), (156, 104)], 18, 60)
    photo.line([(78, 150), (128, 150)], 0, 1.2)
    photo.line([(78, 126), (78, 158)], 0, 0.8)
    photo.line([(128, 126), (128, 158)], 0, 0.8)


def gearbox_case(photo: Photo) -> None:
    """The gearbox standing on its bell housing, rear cover and output flange up."""
    photo.clutter(22, 40, 220)
    w, h = photo.width, photo.height
    photo.casting([(w * 0.16, h * 0.98), (w * 0.27, h * 0.4), (w * 0.73, h * 0.38), (w * 0.86, h * 0.98)], 140)
    for i in range(9):
        foot, head = w * (0.2 + 0.075 * i), w * (0.3 + 0.05 * i)
        photo.line([(head, h * 0.46), (foot, h * 0.96)], 20, 3)
        photo.line([(head - 3, h * 0.46), (foot - 3, h * 0.96)], 235, 2)
    photo.casting([(w * 0.54, h * 0.56), (w * 0.7, h * 0.54), (w * 0.73, h * 0.8), (w * 0.55, h * 0.83)], 180)
    for x, y in ((0.56, 0.59), (0.68, 0.57), (0.7, 0.77), (0.57, 0.8)):
        photo.bolt(w * x, h * y, 7)
    photo.casting([(w * 0.24, h * 0.37), (w * 0.76, h * 0.35), (w * 0.76, h * 0.42), (w * 0.24, h * 0.44)], 190)
    photo.casting([(w * 0.31, h * 0.37), (w * 0.38, h * 0.18), (w * 0.62, h * 0.17), (w * 0.69, h * 0.36)], 150)
    for i in range(8):
        photo.bolt(w * (0.27 + 0.066 * i), h * 0.395, 9)
    photo.hole(w * 0.43, h * 0.28, 11)
    photo.disc(w * 0.5, h * 0.15, w * 0.13, h * 0.055, 180, 14)
    photo.tube([(w * 0.5, h * 0.15), (w * 0.5, h * 0.06)], 20, 165)
    photo.bolt(w * 0.5, h * 0.06, 19)


def main_shaft(photo: Photo) -> None:
    """Main shaft with its gears, synchro sleeve and ball bearing."""
    photo.fade(250, 205)
    y = photo.height * 0.5
    photo.tube([(14, y), (photo.width - 16, y)], 15, 170)
    for share, radius, width in (
        (0.14, 58, 52),
        (0.27, 76, 46),
        (0.43, 66, 34),
        (0.52, 92, 44),
        (0.68, 74, 56),
    ):
        x = photo.width * share
        photo.tube([(x, y), (x + width, y)], radius, 150)
        for tooth in range(-radius + 5, radius - 3, 7):
            photo.line([(x, y + tooth), (x + width, y + tooth + 5)], 20, 1.6)
            photo.line([(x, y + tooth + 2), (x + width, y + tooth + 7)], 245, 1.2)
        photo.disc(x, y, radius * 0.22, radius, 190, 0, 40)
        photo.ring(x, y, radius * 0.14, radius * 0.66, 40)
        photo.tube([(x - 24, y), (x, y)], 15, 170)
    photo.disc(photo.width * 0.87, y, 22, 64, 200, 8)
    for bx, by in around(photo.width * 0.87, y, 14, 45, 9):
        photo.bolt(bx, by, 6)
    photo.hole(photo.width * 0.87, y, 7, 22)
