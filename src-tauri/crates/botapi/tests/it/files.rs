//! T18, T19: files and albums.

use serde_json::json;

use botapi::{MediaKind, Parameters, Reply, Say, Upload};

use crate::scene::Scene;

const MB: usize = 1024 * 1024;

fn upload(name: &str, bytes: usize) -> Upload {
    Upload {
        file_name: name.to_owned(),
        mime_type: Some("application/pdf".to_owned()),
        bytes: vec![7; bytes].into(),
    }
}

fn send_document(scene: &Scene, bytes: usize) -> botapi::WireAnswer {
    let mut parameters = Parameters::new();
    parameters.set("chat_id", scene.chat_id());
    parameters.attach("document", upload("prices.pdf", bytes));
    match scene
        .world
        .call(&scene.bot.token, "sendDocument", &parameters)
    {
        Reply::Answer(answer) => answer,
        Reply::Wait(_) => panic!("only polls wait"),
    }
}

#[test]
fn a_persons_file_is_fetched_by_its_link_for_an_hour() {
    let scene = Scene::new();
    let say = Say::document("price list.pdf", "application/pdf", vec![1, 2, 3]).caption("see");
    scene.world.say(scene.chat, scene.anna, say).unwrap();
    let message = scene.fetch()[0]["message"].clone();
    assert_eq!(message["document"]["file_name"], "price list.pdf");
    assert_eq!(message["document"]["mime_type"], "application/pdf");
    assert_eq!(message["caption"], "see");
    let file = scene.ok(
        "getFile",
        json!({"file_id": message["document"]["file_id"]}),
    );
    let path = file["file_path"].as_str().unwrap();
    let token = &scene.bot.token;
    assert_eq!(scene.world.download(token, path).unwrap(), [1, 2, 3]);
    assert!(scene.world.download("1:wrong", path).is_none());
    scene.world.advance(60 * 60 * 1000);
    assert!(scene.world.download(token, path).is_none());
}

#[test]
fn twenty_megabytes_come_down_and_no_more() {
    let scene = Scene::new();
    for (bytes, fits) in [(20 * MB, true), (20 * MB + 1, false)] {
        let say = Say::document("film.zip", "application/zip", vec![0; bytes]);
        scene.world.say(scene.chat, scene.anna, say).unwrap();
        let message = scene.fetch()[0]["message"].clone();
        let get = json!({"file_id": message["document"]["file_id"]});
        match fits {
            true => assert_eq!(scene.ok("getFile", get)["file_size"], bytes),
            false => assert_eq!(
                scene.refused("getFile", get).1,
                "Bad Request: file is too big"
            ),
        }
    }
}

#[test]
fn fifty_megabytes_go_up_and_no_more() {
    let scene = Scene::new();
    assert_eq!(send_document(&scene, 50 * MB).status, 200);
    assert_eq!(send_document(&scene, 50 * MB + 1).status, 413);
    assert_eq!(
        send_document(&scene, 0).body["description"],
        "Bad Request: file must be non-empty"
    );
}

#[test]
fn a_file_is_known_to_one_bot_only_and_as_one_kind() {
    let scene = Scene::new();
    let sent = send_document(&scene, 10).result().unwrap().clone();
    let id = sent["document"]["file_id"].clone();
    let chat_id = scene.chat_id();
    let again = scene.ok("sendDocument", json!({"chat_id": chat_id, "document": id}));
    assert_eq!(
        again["document"]["file_unique_id"],
        sent["document"]["file_unique_id"]
    );
    let photo = json!({"chat_id": chat_id, "photo": id});
    assert_eq!(
        scene.refused("sendPhoto", photo).1,
        "Bad Request: can't use file of type Document as Photo"
    );
    let other = scene
        .world
        .add_bot(botapi::BotSetup::new("Other", "other_bot"));
    let get = Parameters::of(json!({"file_id": id})).unwrap();
    let Reply::Answer(answer) = scene.world.call(&other.token, "getFile", &get) else {
        panic!("only polls wait");
    };
    assert_eq!(answer.status, 400);
    let web = json!({"chat_id": chat_id, "document": "https://shop.example/a.pdf"});
    assert_eq!(
        scene.refused("sendDocument", web).1,
        "Bad Request: failed to get HTTP URL content"
    );
}

#[test]
fn a_photo_comes_in_sizes_and_the_last_is_it() {
    let scene = Scene::new();
    scene
        .world
        .say(scene.chat, scene.anna, Say::photo(vec![9; 1000]))
        .unwrap();
    let message = scene.fetch()[0]["message"].clone();
    let sizes = message["photo"].as_array().unwrap();
    assert_eq!(sizes.last().unwrap()["file_size"], 1000);
    let token = &scene.bot.token;
    for size in sizes {
        let file = scene.ok("getFile", json!({"file_id": size["file_id"]}));
        let bytes = scene
            .world
            .download(token, file["file_path"].as_str().unwrap())
            .unwrap();
        assert_eq!(bytes.len() as u64, size["file_size"].as_u64().unwrap());
    }
}

#[test]
fn an_album_comes_as_several_updates_with_one_group() {
    let scene = Scene::new();
    let album = vec![Say::photo(vec![1]).caption("two"), Say::photo(vec![2])];
    scene
        .world
        .say_album(scene.chat, scene.anna, album)
        .unwrap();
    let updates = scene.fetch();
    assert_eq!(updates.len(), 2);
    let group = |at: usize| updates[at]["message"]["media_group_id"].as_str().unwrap();
    assert_eq!(group(0), group(1));
}

#[test]
fn a_bots_album_has_2_to_10_of_a_kind() {
    let scene = Scene::new();
    let mut parameters = Parameters::new();
    parameters.set("chat_id", scene.chat_id());
    let media = json!([
        {"type": "document", "media": "attach://a", "caption": "first"},
        {"type": "document", "media": "attach://b"},
    ]);
    parameters.set("media", media.to_string());
    parameters.attach("a", upload("a.pdf", 3));
    parameters.attach("b", upload("b.pdf", 4));
    let Reply::Answer(answer) = scene
        .world
        .call(&scene.bot.token, "sendMediaGroup", &parameters)
    else {
        panic!("only polls wait");
    };
    let sent = answer.result().unwrap().as_array().unwrap().clone();
    assert_eq!(sent.len(), 2);
    assert!(sent[0]["media_group_id"].is_string());
    let stored = scene.world.last_message(scene.chat).unwrap();
    assert_eq!(
        stored.media().map(|media| media.kind),
        Some(MediaKind::Document)
    );
    let one = json!({"chat_id": scene.chat_id(), "media": [{"type": "photo", "media": "x"}]});
    assert_eq!(scene.refused("sendMediaGroup", one).0, 400);
}

#[test]
fn captions_have_1024_units() {
    let scene = Scene::new();
    let mut parameters = Parameters::new();
    parameters.set("chat_id", scene.chat_id());
    parameters.set("caption", "я".repeat(1025));
    parameters.attach("photo", upload("a.jpg", 3));
    let Reply::Answer(answer) = scene.world.call(&scene.bot.token, "sendPhoto", &parameters) else {
        panic!("only polls wait");
    };
    assert_eq!(
        answer.body["description"],
        "Bad Request: message caption is too long"
    );
}
