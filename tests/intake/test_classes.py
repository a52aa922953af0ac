from pathlib import Path

from grader.intake import ClassFolder, class_folders


def folder(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def test_folders_named_after_homeworks_are_classes_of_their_own(tmp_path: Path) -> None:
    root = folder(tmp_path, "hw1/ada.ipynb", "hw2/ada.ipynb", "hw2/bo/work.ipynb")
    classes, beside = class_folders([root], ["hw1", "hw2", "hw3"])
    assert classes == [
        ClassFolder(homework="hw1", paths=(root / "hw1",)),
        ClassFolder(homework="hw2", paths=(root / "hw2",)),
    ]
    assert beside == []


def test_what_lies_beside_such_folders_is_told(tmp_path: Path) -> None:
    root = folder(tmp_path, "hw1/ada.ipynb", "loose.ipynb", "notes/x.txt", ".hidden")
    classes, beside = class_folders([root], ["hw1"])
    assert [one.homework for one in classes] == ["hw1"]
    assert beside == [root / "loose.ipynb", root / "notes"]


def test_everything_else_is_one_class(tmp_path: Path) -> None:
    root = folder(tmp_path, "ada/hw1.ipynb", "bo.ipynb")
    assert class_folders([root, root / "bo.ipynb"], ["hw1"]) == (
        [ClassFolder(homework=None, paths=(root, root / "bo.ipynb"))],
        [],
    )


def test_classes_of_one_homework_in_two_places_are_one(tmp_path: Path) -> None:
    monday, friday = (folder(tmp_path / day, "hw1/ada.ipynb") for day in ("monday", "friday"))
    classes, _ = class_folders([monday, friday], ["hw1"])
    assert classes == [ClassFolder(homework="hw1", paths=(monday / "hw1", friday / "hw1"))]


def test_a_pattern_may_stand_for_classes(tmp_path: Path) -> None:
    root = folder(tmp_path, "hw1/ada.ipynb", "hw2/ada.ipynb")
    classes, _ = class_folders([root / "hw*"], ["hw1", "hw2"])
    assert [one.paths for one in classes] == [(root / "hw1",), (root / "hw2",)]


def test_a_link_named_after_a_homework_is_not_followed(tmp_path: Path) -> None:
    elsewhere = folder(tmp_path / "elsewhere", "ada.ipynb")
    root = folder(tmp_path / "class", "bo.ipynb")
    (root / "hw1").symlink_to(elsewhere)
    assert class_folders([root], ["hw1"])[0] == [ClassFolder(homework=None, paths=(root,))]


def test_a_folder_given_itself_is_the_class_it_is_named_after(tmp_path: Path) -> None:
    root = folder(tmp_path, "hw1/ada.ipynb", "hw2/ada.ipynb")
    one, two = root / "hw1", root / "hw2"
    assert class_folders([one], ["hw1", "hw2"]) == ([ClassFolder(homework="hw1", paths=(one,), alone=True)], [])
    assert class_folders([one, two], ["hw1", "hw2"])[0] == [
        ClassFolder(homework="hw1", paths=(one,)),
        ClassFolder(homework="hw2", paths=(two,)),
    ]
