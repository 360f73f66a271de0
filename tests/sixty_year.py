#!/usr/bin/env python3
"""An invented year of the size of a real one: 60 items, seven members, all scored by all.

    tests/sixty_year.py FOLDER [--sheets]

Writes FOLDER/regulation.json and FOLDER/year.json, which `thidua year import` takes. Without
--sheets nobody has scored yet; with it all 49 sheets are there, submitted, with values that are the
same on every run. No figure in it is anybody's: titles say that it is an example.
"""
import argparse
import json
import random
from pathlib import Path

YEAR = 2024
MEMBERS = [
    ("SNV", "Sở Nội vụ"),
    ("STC", "Sở Tài chính"),
    ("STP", "Sở Tư pháp"),
    ("SYT", "Sở Y tế"),
    ("SGDDT", "Sở Giáo dục và Đào tạo"),
    ("SVHTT", "Sở Văn hóa và Thể thao"),
    ("TTT", "Thanh tra tỉnh"),
]
# Each section: title, points of each of its ten items, what the items are about.
SECTIONS = [
    ("Nhiệm vụ chính trị, kinh tế - xã hội được giao", 20, [
        "Hoàn thành các chỉ tiêu kế hoạch được giao trong năm",
        "Hoàn thành nhiệm vụ Ủy ban nhân dân giao đúng thời hạn",
        "Tham mưu văn bản quy phạm pháp luật theo chương trình",
        "Thực hiện dự toán ngân sách, giải ngân vốn đầu tư công",
        "Thực hành tiết kiệm, chống lãng phí",
        "Thực hiện nhiệm vụ trọng tâm của ngành, lĩnh vực",
        "Phối hợp với các sở, ngành, địa phương",
        "Thực hiện các chương trình mục tiêu quốc gia",
        "Bảo đảm an ninh, trật tự, an toàn cơ quan",
        "Chấp hành chế độ thông tin, báo cáo chuyên môn"]),
    ("Cải cách hành chính, chuyển đổi số", 20, [
        "Kết quả chỉ số cải cách hành chính của đơn vị",
        "Giải quyết thủ tục hành chính đúng hạn",
        "Cung cấp dịch vụ công trực tuyến toàn trình",
        "Ứng dụng chữ ký số, văn bản điện tử",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục",
        "Mức độ hài lòng của người dân, doanh nghiệp",
        "Sắp xếp tổ chức bộ máy, tinh giản biên chế",
        "An toàn thông tin mạng của cơ quan",
        "Công khai, minh bạch theo quy định",
        "Sáng kiến trong cải cách hành chính"]),
    ("Chấp hành chủ trương của Đảng, pháp luật của Nhà nước", 15, [
        "Tuyên truyền, phổ biến, giáo dục pháp luật",
        "Thực hiện quy chế dân chủ ở cơ sở",
        "Phòng, chống tham nhũng, tiêu cực",
        "Tiếp công dân, giải quyết khiếu nại, tố cáo",
        "Kê khai, kiểm soát tài sản, thu nhập",
        "Chấp hành kết luận thanh tra, kiểm tra, kiểm toán",
        "Thực hiện văn hóa công sở, đạo đức công vụ",
        "Thực hiện chính sách với cán bộ, công chức",
        "Bảo vệ bí mật nhà nước",
        "Chấp hành quy định về sử dụng tài sản công"]),
    ("Xây dựng Đảng, đoàn thể trong sạch, vững mạnh", 15, [
        "Xếp loại tổ chức đảng hằng năm",
        "Kết nạp đảng viên theo kế hoạch",
        "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "Hoạt động của công đoàn cơ sở",
        "Hoạt động của đoàn thanh niên",
        "Hoạt động của hội cựu chiến binh",
        "Bình đẳng giới, vì sự tiến bộ của phụ nữ",
        "Hoạt động nhân đạo, từ thiện, đền ơn đáp nghĩa",
        "Cơ quan đạt chuẩn an toàn về an ninh, trật tự",
        "Xây dựng cơ quan văn hóa"]),
    ("Tổ chức phong trào thi đua, công tác khen thưởng", 15, [
        "Ban hành kế hoạch, phát động phong trào thi đua",
        "Tổ chức phong trào thi đua theo chuyên đề",
        "Phát hiện, bồi dưỡng, nhân rộng điển hình tiên tiến",
        "Công nhận sáng kiến và phạm vi ảnh hưởng",
        "Khen thưởng người lao động trực tiếp",
        "Hồ sơ khen thưởng đúng quy định, đúng thời hạn",
        "Tự kiểm tra công tác thi đua, khen thưởng",
        "Tuyên truyền gương người tốt, việc tốt",
        "Tập huấn nghiệp vụ thi đua, khen thưởng",
        "Sơ kết, tổng kết phong trào thi đua"]),
    ("Tham gia hoạt động của Khối", 15, [
        "Đăng ký, ký kết giao ước thi đua đúng thời hạn",
        "Tham dự đầy đủ các hội nghị của Khối",
        "Gửi báo cáo sơ kết đúng thời hạn",
        "Gửi báo cáo tổng kết đúng thời hạn",
        "Gửi bảng tự chấm điểm và tài liệu kiểm chứng",
        "Chấm chéo đầy đủ, đúng thời hạn",
        "Tham gia hoạt động văn hóa, văn nghệ của Khối",
        "Tham gia hoạt động thể thao của Khối",
        "Tham gia hoạt động an sinh xã hội của Khối",
        "Đóng góp ý kiến vào văn bản chung của Khối"]),
]
ROMAN = ["I", "II", "III", "IV", "V", "VI"]


def criteria():
    found = []
    for roman, (title, points, items) in zip(ROMAN, SECTIONS):
        found.append({
            "id": roman, "number": roman, "title": title, "points": str(points * len(items)),
            "clause": f"VD {roman}", "example": True,
            "children": [{"id": f"{roman}.{at}", "number": str(at), "title": name,
                          "points": str(points), "clause": f"VD {roman}.{at}", "example": True,
                          "way": {"kind": "direct", "step": "0.25"}}
                         for at, name in enumerate(items, 1)]})
    return found


def regulation():
    return {
        "format": "thidua-regulation/1", "id": "vi-du-60-tieu-chi", "version": 1,
        "title": "Quy chế ví dụ: 60 tiêu chí, bảy đơn vị chấm chéo",
        "authority": "Ủy ban nhân dân tỉnh (ví dụ)", "issued": f"{YEAR}-01-05",
        "year": str(YEAR), "calendar": "calendar_year",
        "notes": ["Quy chế này do chúng tôi đặt ra để thử và để đo, không phải của nơi nào."],
        "sources": [{"id": "VD", "title": "Bảng chấm điểm ví dụ"}],
        "points": {"total": "1000", "item_decimals": 2, "item_round": "half_up",
                   "total_decimals": 2, "total_round": "half_up", "rank_by": "exact"},
        "criteria": criteria(),
        "stages": [{"id": "self", "title": "Tự chấm", "rater": "self", "clause": "VD 1"},
                   {"id": "cross", "title": "Chấm chéo", "rater": "others", "clause": "VD 2"}],
        "combine": {"kind": "mean_of_sheets", "stages": ["self", "cross"], "clause": "VD 3"},
        "awards": [
            {"id": "flag", "title": "Cờ thi đua", "how": "score", "at_least": "900",
             "quota": {"kind": "seats", "seats": 1}, "clause": "VD 4"},
            {"id": "certificate", "title": "Bằng khen", "how": "score",
             "quota": {"kind": "share", "share": "30%", "round": "down"}, "clause": "VD 5"}],
    }


def quarters(value):
    return f"{value // 100}.{value % 100:02}"


def sheet(draw, rater, unit):
    """Points in hundredths, in steps of a quarter, from 80 % of the full ones upwards."""
    values = {}
    for roman, (_, points, items) in zip(ROMAN, SECTIONS):
        for at in range(1, len(items) + 1):
            values[f"{roman}.{at}"] = quarters(25 * draw.randint(points * 16 // 5, points * 4))
    code = MEMBERS[unit][0]
    whose = {"stage": "self"} if rater == unit else {"stage": "cross", "rater": MEMBERS[rater][0]}
    return {**whose, "unit": code, "submitted": f"{YEAR}-12-05", "values": values}


def year(with_sheets):
    draw = random.Random(2024)
    count = len(MEMBERS)
    roles = {0: {"role": "head"}, 1: {"role": "deputy"}}
    found = {
        "format": "thidua-year/1", "title": f"Khối thi đua ví dụ, năm {YEAR}",
        "notes": ["Đơn vị, điểm và ngày đều do chúng tôi đặt ra làm ví dụ."],
        "regulation": "regulation.json", "year": str(YEAR), "as_of": f"{YEAR}-12-20",
        "bloc": {"id": "khoi-vi-du", "name": "Khối thi đua ví dụ 60 tiêu chí",
                 "kind": "sectoral"},
        "members": [{"code": code, "name": name, **roles.get(at, {})}
                    for at, (code, name) in enumerate(MEMBERS)],
    }
    if with_sheets:
        found["sheets"] = [sheet(draw, rater, unit)
                           for unit in range(count) for rater in range(count)]
    return found


def write(path, what):
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheets", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write(arguments.folder / "regulation.json", regulation())
    write(arguments.folder / "year.json", year(arguments.sheets))


if __name__ == "__main__":
    main()
