"""The content of an outside tool's messages: formatting, files, buttons; and how faults are named."""

from typing import Any

from holdline.store.tx import Tx
from tests.web.conftest import Api, error_of

PHOTO, VIDEO = {"photo": "AgAC1"}, {"video": "https://shop.test/a.mp4"}


async def stored(api: Api, outbox_id: int) -> list[Any]:
    def read(tx: Tx) -> list[Any]:
        return tx.all(
            """SELECT m.kind, m.text, m.entities_json, m.data_json, o.kind AS item, o.marketing_topic, o.api_key_id
               FROM outbox o JOIN messages m ON m.id = o.message_id OR m.album_id = (
                   SELECT album_id FROM messages WHERE id = o.message_id) WHERE o.id = :id ORDER BY m.id""",
            id=outbox_id,
        )

    return await api.store.read(read)


async def test_html_is_kept_as_entities_and_the_key_and_topic_with_it(api: Api) -> None:
    body = api.ad(html="<b>🎁 Today</b> only", topic="offers", link_preview=False)
    del body["text"]
    made = await api.post("/outbound", body, status=202)
    (kept,) = await stored(api, made["id"])
    assert (kept["text"], kept["entities_json"]) == (
        "🎁 Today only",
        [{"type": "bold", "offset": 0, "length": 8}],
    )
    assert kept["data_json"] == {"link_preview_options": {"is_disabled": True}}
    assert (kept["marketing_topic"], kept["api_key_id"] > 0) == ("offers", True)


async def test_files_are_accepted_alone_with_text_and_as_an_album(api: Api) -> None:
    alone = api.ad(media=PHOTO)
    del alone["text"]
    for body, kinds, item in (
        (alone, ["photo"], "message"),
        (api.ad(media=VIDEO, buttons=[{"text": "Yes", "data": "y"}]), ["video"], "message"),
        (api.ad(media=[PHOTO, VIDEO]), ["photo", "video"], "album"),
    ):
        made = await api.post("/outbound", body, status=202)
        kept = await stored(api, made["id"])
        assert ([one["kind"] for one in kept], {one["item"] for one in kept}) == (kinds, {item})
        assert (await api.get(f"/outbound/{made['id']}"))["status"] == "queued"


async def test_a_held_album_is_one_message(api: Api) -> None:
    await api.open()
    made = await api.post("/outbound", api.ad(media=[PHOTO, VIDEO], collapse_key="sale"), status=202)
    assert (await api.get(f"/customers/{api.anna.id}/gate"))["held"] == 1
    await api.post("/outbound", api.ad(collapse_key="sale"), status=202)
    assert (await api.get(f"/outbound/{made['id']}"))["status"] == "cancelled"


async def test_invalid_content_names_its_field(api: Api) -> None:
    for wrong, field in (
        ({"html": "<b>x"}, "html"),
        ({"text": None, "html": "<b>x"}, "html"),
        ({"text": None}, "text"),
        ({"entities": [{"type": "bold", "offset": 0, "length": 99}]}, "entities.0"),
        ({"entities": "bold"}, "entities"),
        ({"media": {"photo": "http://x.test/a.jpg"}}, "media.photo"),
        ({"media": [PHOTO, PHOTO], "buttons": [{"text": "Yes", "data": "y"}]}, "buttons"),
        ({"media": "AgAC1"}, "media"),
        ({"link_preview": "no"}, "link_preview"),
    ):
        answer = await api.call("POST", "/outbound", {**api.ad(), **wrong})
        assert error_of(answer, 400, "bad_input")["object"]["name"] == field, wrong
