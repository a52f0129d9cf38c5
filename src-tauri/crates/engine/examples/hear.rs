//! Hears recordings and prints the words: `hear MODELS MODEL FILE…`, with the CPU seconds for each second of sound
//! and the most memory of all.

mod measured;

use domain::language::Language;
use engine::models::ModelFolder;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(model)) = (arguments.next(), arguments.next()) else {
        eprintln!("hear MODELS MODEL FILE…");
        return;
    };
    let models = ModelFolder::new(folder);
    for file in arguments {
        let recording = std::fs::read(&file).expect("the recording can be read");
        let before = measured::cpu_seconds();
        let heard = models.hear(&model, recording, Language::UNKNOWN).await;
        let took = measured::cpu_seconds() - before;
        match heard {
            Ok(heard) => println!(
                "{file}: [{}] {} ({:.1} s, {:.2} CPU s a second)",
                heard.language.code(),
                heard.text,
                heard.seconds,
                took / f64::from(heard.seconds)
            ),
            Err(error) => println!("{file}: {error}"),
        }
    }
}
