//! Made-up passages, vectors and questions, the same ones in every run: words with the frequencies of real
//! ones (Zipf), vectors that lie in groups as real ones do.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

const DIMENSIONS: usize = 384;
const VOCABULARY: u64 = 60_000;
const WORDS_IN_PASSAGE: usize = 150;
const WORDS_IN_QUESTION: usize = 5;
/// Passages whose vectors lie around one point.
const GROUP: u64 = 50;
/// How far they lie from it, as a share of its length: the cosine of two of them is about 0.67.
const NOISE: f32 = 0.7;

/// Something that is asked.
pub struct Question {
    pub text: String,
    pub vector: Vec<f32>,
}

/// The words of passage `number`.
pub fn passage(number: u64) -> String {
    let mut dice = Dice::of(1, number);
    words(&mut dice, WORDS_IN_PASSAGE)
}

/// The vector of passage `number`, of unit length.
pub fn vector(number: u64) -> Vec<f32> {
    around(number / GROUP, &mut Dice::of(2, number))
}

/// Question `number` of a corpus of so many passages.
pub fn question(number: u64, passages: u64) -> Question {
    let mut dice = Dice::of(3, number);
    let group = dice.next() % passages.div_ceil(GROUP);
    Question {
        text: words(&mut dice, WORDS_IN_QUESTION),
        vector: around(group, &mut dice),
    }
}

/// Writes `passages.txt`, `vectors.f32`, `questions.txt` and `questions.f32` for programs in other languages.
pub fn write(folder: &Path, passages: u64, questions: u64) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let (mut texts, mut vectors) = (file("passages.txt")?, file("vectors.f32")?);
    for number in 0..passages {
        writeln!(texts, "{}", passage(number))?;
        numbers(&mut vectors, &vector(number))?;
    }
    let (mut asked, mut asked_vectors) = (file("questions.txt")?, file("questions.f32")?);
    for number in 0..questions {
        let question = question(number, passages);
        writeln!(asked, "{}", question.text)?;
        numbers(&mut asked_vectors, &question.vector)?;
    }
    texts.flush()?;
    vectors.flush()?;
    asked.flush()?;
    asked_vectors.flush()
}

fn numbers(out: &mut impl Write, vector: &[f32]) -> io::Result<()> {
    vector
        .iter()
        .try_for_each(|x| out.write_all(&x.to_le_bytes()))
}

fn words(dice: &mut Dice, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| dice.word()).collect();
    words.join(" ")
}

fn around(group: u64, dice: &mut Dice) -> Vec<f32> {
    let middle = Dice::of(4, group).vector();
    let off = dice.vector();
    unit(
        middle
            .iter()
            .zip(off)
            .map(|(x, off)| x + NOISE * off)
            .collect(),
    )
}

fn unit(numbers: Vec<f32>) -> Vec<f32> {
    let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
    numbers.into_iter().map(|x| x / length).collect()
}

/// Xorshift (Marsaglia 2003): the same in every run.
struct Dice(u64);

impl Dice {
    fn of(what: u64, number: u64) -> Dice {
        // Neighbours begin far apart (the constant is of splitmix64, Steele 2014).
        let mut dice = Dice((number * 8 + what).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0..1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A word of letters only; the n-th is met 1/n as often as the first (Zipf).
    fn word(&mut self) -> String {
        let mut rank = (VOCABULARY as f64).powf(self.share()) as u64;
        let mut word = String::from("w");
        loop {
            word.push(char::from(b'a' + (rank % 20) as u8));
            rank /= 20;
            if rank == 0 {
                return word;
            }
        }
    }

    fn vector(&mut self) -> Vec<f32> {
        unit((0..DIMENSIONS).map(|_| self.share() as f32 - 0.5).collect())
    }
}
