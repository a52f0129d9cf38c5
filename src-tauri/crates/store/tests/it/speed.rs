//! How many operations a second: measured with `SLOW=1`, printed, judged by people.

use std::time::Instant;

use crate::world::{World, at};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_share_a_commit() {
    if std::env::var_os("SLOW").is_none() {
        return;
    }
    for (callers, each) in [(1, 400), (16, 200), (256, 60)] {
        let (_world, shop) = World::owned().await;
        let begun = Instant::now();
        let mut running = Vec::new();
        for caller in 0..callers {
            let shop = shop.clone();
            running.push(tokio::spawn(async move {
                for number in 0..each {
                    shop.w
                        .set_setting(&format!("{caller} {number}"), "1".to_owned(), at(1))
                        .await
                        .unwrap();
                }
            }));
        }
        for caller in running {
            caller.await.unwrap();
        }
        let operations = f64::from(callers * each);
        let rate = operations / begun.elapsed().as_secs_f64();
        println!("{callers} callers: {rate:.0} settings a second");

        let begun = Instant::now();
        let mut running = Vec::new();
        for caller in 0..callers {
            let shop = shop.clone();
            running.push(tokio::spawn(async move {
                for number in 0..each {
                    let peer = format!("peer {caller}");
                    shop.say(&peer, &number.to_string(), "How much is tea?", at(1))
                        .await;
                }
            }));
        }
        for caller in running {
            caller.await.unwrap();
        }
        let rate = operations / begun.elapsed().as_secs_f64();
        println!("{callers} callers: {rate:.0} received messages a second");
    }
}
