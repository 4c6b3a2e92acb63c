"""Under a path behind a proxy: pages, cookies, websocket, downloads; nothing beside the path."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "dashboard_server.md"
ROOT = "/velfaerd"
SMALL = "adults=300&months=24&burn_in_months=24&lang=en"
Open = Callable[..., Any]


def nginx_file(folder: Path, port: int, target: str) -> Path:
    """The settings of nginx that the documentation shows, with the ports of this test."""
    shown = re.search(r"```nginx\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    server = shown[1].replace("listen 80;", f"listen 127.0.0.1:{port};")
    assert "http://127.0.0.1:8765/" in server
    server = server.replace("127.0.0.1:8765", target)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{server}}}\n"
    )
    return path


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module", params=["nginx", "tornado"])
def behind(
    request: pytest.FixtureRequest,
    serve: Callable[..., str],
    free_port: Callable[[], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address under which a proxy answers for a dashboard that stands behind it."""
    if request.param == "nginx":
        if shutil.which("nginx") is None:
            pytest.skip("no nginx on this machine")
    else:
        pytest.importorskip("tornado")
    target, port = urlsplit(serve(SOLARA_ROOT_PATH=ROOT)).netloc, free_port()
    folder = tmp_path_factory.mktemp("proxy")
    if request.param == "nginx":
        file = nginx_file(folder, port, target)
        command = ["nginx", "-c", str(file), "-e", str(folder / "error.log"), "-p", str(folder)]
    else:
        command = [sys.executable, str(HERE / "proxy.py"), str(port), ROOT, target]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None, (folder / "log.txt").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_everything_works_under_a_path(open_page: Open, behind: str, tmp_path: Path) -> None:
    page = open_page(f"{ROOT}/compare?{SMALL}", at=behind)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: asked.append(opened.url))
    page.reload()
    page.wait_for_selector(".vf-verdict[data-fresh=true][data-replicates='16']")
    assert urlsplit(page.url).path == f"{ROOT}/compare"
    cookies = page.context.cookies()
    assert [each["name"] for each in cookies if "solara" in each["name"]]
    assert {each["domain"] for each in cookies} == {"127.0.0.1"}

    page.locator("#vf-b-dialogue").evaluate(
        "el => { el.value = 0.1; el.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    page.wait_for_function("location.search.includes('dialogue:0.1')")
    page.get_by_role("button", name="Download and share").click()
    with page.expect_download() as download:
        page.locator(".vf-menu-item", has_text="Scenario B").click()
    path = tmp_path / "b.toml"
    download.value.save_as(path)
    assert "dialogue = 0.1" in path.read_text()

    links = page.locator("header a[href^='/']").evaluate_all("all => all.map(e => e.pathname)")
    assert links
    assert all(each.startswith(f"{ROOT}/") for each in links)
    page.get_by_role("link", name="Model").click()
    page.locator(".vf-sheet tbody tr").first.wait_for()
    assert urlsplit(page.url).path == f"{ROOT}/model"
    page.reload()
    page.locator(".vf-sheet tbody tr").first.wait_for()
    page.go_back()
    page.wait_for_url(f"**{ROOT}/compare?**")

    kinds = {urlsplit(each).scheme for each in asked if not each.startswith(("data:", "blob:"))}
    assert kinds == {"http", "ws"}
    paths = [urlsplit(each).path for each in asked if urlsplit(each).netloc]
    assert any("echarts" in each for each in paths)
    assert not [each for each in paths if not each.startswith(f"{ROOT}/")]


def test_old_links_and_wrong_ones_stay_under_the_path(open_page: Open, behind: str) -> None:
    page = open_page(f"{ROOT}/?{SMALL}&b=rigid_rules", at=behind)
    page.wait_for_function("location.search.includes('b=rigid_rules')")
    assert urlsplit(page.url).path == f"{ROOT}/compare"
    other = page.context.new_page()
    answer = other.goto(f"{behind}{ROOT}/no/such/page")
    assert answer.status == 404
    other.get_by_role("link", name="Studies").click()
    other.wait_for_selector(".vf-header")
    assert urlsplit(other.url).path == f"{ROOT}/studies"
