//! The server: how calls come in, how connections go.

use std::net::TcpListener;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use botapi::{Fault, Server, Trouble};

use crate::scene::Scene;

fn serve(scene: &Scene) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Server::start(listener, scene.world.clone()).unwrap()
}

/// One request on a connection of its own: the status and the body; `None` where the connection goes.
async fn ask(server: &Server, head: &str, kind: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let long = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {long}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let status = std::str::from_utf8(&answer[9..12])
        .unwrap()
        .parse()
        .unwrap();
    Some((status, answer[split + 4..].to_vec()))
}

fn read(answer: Option<(u16, Vec<u8>)>) -> Value {
    let (_, body) = answer.expect("an answer came");
    serde_json::from_slice(&body).expect("the answer is JSON")
}

#[tokio::test]
async fn parameters_come_in_every_way_the_server_takes() {
    let scene = Scene::new();
    let server = serve(&scene);
    let (token, chat) = (&scene.bot.token, scene.chat_id());
    let post = format!("POST /bot{token}/sendMessage");
    let query = format!("GET /bot{token}/SendMessage?chat_id={chat}&text=%D0%B0+b");
    assert_eq!(
        read(ask(&server, &query, "", b"").await)["result"]["text"],
        "а b"
    );
    let form = format!("chat_id={chat}&text=form");
    let answer = ask(
        &server,
        &post,
        "application/x-www-form-urlencoded",
        form.as_bytes(),
    )
    .await;
    assert_eq!(read(answer)["result"]["text"], "form");
    let body = json!({"chat_id": chat, "text": "json"}).to_string();
    let answer = ask(&server, &post, "application/json", body.as_bytes()).await;
    assert_eq!(read(answer)["result"]["text"], "json");
    let parts = format!(
        "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{chat}\r\n--b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
    );
    let post = format!("POST /bot{token}/sendDocument");
    let answer = ask(
        &server,
        &post,
        "multipart/form-data; boundary=b",
        parts.as_bytes(),
    )
    .await;
    assert_eq!(read(answer)["result"]["document"]["file_size"], 5);
    server.stop().await;
}

#[tokio::test]
async fn files_come_down_and_unknown_paths_are_not_found() {
    let scene = Scene::new();
    let server = serve(&scene);
    let token = &scene.bot.token;
    scene
        .world
        .say(scene.chat, scene.anna, botapi::Say::voice(vec![5; 9], 2))
        .unwrap();
    let message = scene.fetch()[0]["message"].clone();
    let file = scene.ok("getFile", json!({"file_id": message["voice"]["file_id"]}));
    let path = file["file_path"].as_str().unwrap();
    let get = format!("GET /file/bot{token}/{path}");
    assert_eq!(ask(&server, &get, "", b"").await, Some((200, vec![5; 9])));
    for head in ["GET /", "GET /bot123/getMe", "GET /file/botx/y"] {
        assert_eq!(read(ask(&server, head, "", b"").await)["error_code"], 404);
    }
    server.stop().await;
}

#[tokio::test]
async fn connections_go_and_answers_break_as_ordered() {
    let scene = Scene::new();
    let server = serve(&scene);
    let token = &scene.bot.token;
    let post = format!("POST /bot{token}/sendMessage");
    let body = json!({"chat_id": scene.chat_id(), "text": "x"}).to_string();
    let troubles = [
        Trouble::DropBefore,
        Trouble::DropAfter,
        Trouble::Gateway(502),
        Trouble::Malformed,
        Trouble::Slow { ms: 1 },
    ];
    let mut seen = Vec::new();
    for trouble in troubles {
        scene.world.order(Fault::new(trouble));
        let answer = ask(&server, &post, "application/json", body.as_bytes()).await;
        let parses = |body: &[u8]| serde_json::from_slice::<Value>(body).is_ok();
        seen.push(answer.map(|(status, body)| (status, parses(&body))));
    }
    let expected = [
        None,
        None,
        Some((502, false)),
        Some((200, false)),
        Some((200, true)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(scene.world.said_by_bots(scene.chat).len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn idle_connections_go_when_their_time_is_over() {
    let scene = Scene::new();
    let server = serve(&scene);
    scene.world.close_idle_after(Some(39_000));
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head = format!(
        "GET /bot{}/getMe HTTP/1.1\r\nHost: x\r\n\r\n",
        scene.bot.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut some = [0; 16];
    stream.read_exact(&mut some).await.unwrap();
    scene.world.advance(39_000);
    let mut rest = Vec::new();
    // It ends, in order or by a reset; without the fault it would never end.
    let _ = stream.read_to_end(&mut rest).await;
    server.stop().await;
}

#[tokio::test]
async fn a_poll_over_http_waits_and_ends_with_an_update() {
    let scene = Scene::new();
    let server = serve(&scene);
    let head = format!("GET /bot{}/getUpdates?timeout=50", scene.bot.token);
    let poll = ask(&server, &head, "", b"");
    let says = async {
        while !scene.world.polls(scene.bot.id) {
            tokio::task::yield_now().await;
        }
        scene
            .world
            .user_says(scene.chat, scene.anna, "word")
            .unwrap();
    };
    let (answer, ()) = tokio::join!(poll, says);
    assert_eq!(read(answer)["result"][0]["message"]["text"], "word");
    server.stop().await;
}
