//! 385 documents as a business has them, the same ones every time: text, Markdown, web pages, Word, PDF and
//! Excel, a quarter of those that can be in Russian. Made-up sentences of common words, with prices and codes.
//!
//! `CHATAI_DOCUMENTS` may name a folder of real files: they take the places of made-up ones of their kind.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;

use super::{emptied, office, pdf};

/// All of them.
pub const ALL: usize = 385;
/// Of 77 documents so many are of the kind.
const KINDS: [(&str, usize); 6] = [
    ("txt", 20),
    ("md", 16),
    ("html", 14),
    ("docx", 12),
    ("pdf", 11),
    ("xlsx", 4),
];
const OF: usize = 77;
/// Characters of a document's text.
const LENGTH: usize = 11_700;
/// A real file larger than this many bytes is left out.
const LARGEST: u64 = 5_000_000;

const ENGLISH: &str = "the of and to in a is for on that with as are be at by this it from or an was can has will \
not your which when all we have more one used each if there should must any before after may only two their \
time order water part small set work price days customer delivery product store paper colour weight length \
machine cover handle wheel battery screen button light cable power service repair garden kitchen window table \
chair lamp carpet mirror shelf drawer hinge screw bolt bracket engine pump filter valve pipe tank hose sensor \
clean check replace remove install press hold turn open close store keep protect measure adjust charge connect \
return refund warranty invoice receipt discount voucher shipping address parcel courier pickup station branch \
opening hours monday saturday holiday season spring winter leather cotton wool silver copper wooden ceramic \
glass plastic rubber steel narrow heavy gentle careful regular annual original separate available included \
required recommended damaged missing broken complete technical safety instruction manual chapter section page";
const RUSSIAN: &str = "и в не на с по для что как это от из при или к за до можно нужно если после перед только \
каждый день заказ доставка товар магазин цена покупатель возврат гарантия ремонт деталь батарея экран кнопка \
кабель питание насос фильтр клапан труба датчик колесо ручка крышка мотор лампа стол стул окно зеркало полка \
ящик винт очистите проверьте замените снимите установите нажмите удерживайте поверните откройте закройте \
храните защищайте измерьте зарядите подключите адрес посылка курьер пункт выдачи часы работы понедельник \
суббота праздник весна зима кожа хлопок шерсть серебро медь дерево керамика стекло пластик резина сталь узкий \
тяжёлый бережно ежегодно отдельно входит требуется рекомендуется повреждён отсутствует инструкция раздел глава";

/// What a document says, before it has a format.
pub struct Text {
    /// Its heading.
    pub title: String,
    /// Chapters: a heading and paragraphs.
    pub chapters: Vec<(String, Vec<String>)>,
}

/// What was written.
pub struct Written {
    /// Files.
    pub count: usize,
    /// Of them, real ones.
    pub real: usize,
    /// Bytes of text in the made-up ones.
    pub text: usize,
}

/// Writes the first `count` of the documents into `folder`, which is emptied first.
pub fn write(folder: &Path, count: usize) -> Result<Written> {
    emptied(folder)?;
    let mut real = real()?;
    let mut written = Written {
        count,
        real: 0,
        text: 0,
    };
    for number in 0..count {
        let kind = kind(number);
        let path = folder.join(format!("document-{number:03}.{kind}"));
        let of_kind = real.iter().position(|file| is_of(file, kind));
        if let Some(at) = of_kind {
            fs::copy(real.swap_remove(at), path)?;
            written.real += 1;
            continue;
        }
        let mut dice = Dice::of(number);
        let text = Text::of(&mut dice, number, kind);
        written.text += match kind {
            "xlsx" => office::write_sheet(&path, &rows(&mut dice, number))?,
            "docx" => office::write_words(&path, &text).map(|()| text.length())?,
            "pdf" => fs::write(&path, pdf::pages(&text)).map(|()| text.length())?,
            "html" => fs::write(&path, text.html()).map(|()| text.length())?,
            "md" => fs::write(&path, text.markdown()).map(|()| text.length())?,
            _ => fs::write(&path, text.plain()).map(|()| text.length())?,
        };
    }
    Ok(written)
}

/// The kind of a document: mixed well, so that the first few are a fair share.
fn kind(number: usize) -> &'static str {
    let mut at = number * 30 % OF;
    for (kind, share) in KINDS {
        match at < share {
            true => return kind,
            false => at -= share,
        }
    }
    "txt"
}

/// The real files, by name, the last first.
fn real() -> Result<Vec<PathBuf>> {
    let Some(folder) = env::var_os("CHATAI_DOCUMENTS") else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if metadata.len() <= LARGEST {
                files.push(entry.path());
            }
        }
    }
    files.retain(|file| KINDS.iter().any(|(kind, _)| is_of(file, kind)));
    // What stands beside a file to tell what is in it is no document.
    files.retain(|file| !file.to_string_lossy().contains(".expected."));
    files.sort();
    files.reverse();
    Ok(files)
}

fn is_of(file: &Path, kind: &str) -> bool {
    file.extension().is_some_and(|found| found == kind)
}

/// Rows of a price list, a row of headings first.
fn rows(dice: &mut Dice, number: usize) -> Vec<Vec<String>> {
    let heads = ["Article", "Description", "Price", "In stock"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let mut length = 0;
    while length < LENGTH {
        let row = vec![
            format!("{number:03}-{:05}", dice.below(100_000)),
            dice.words(ENGLISH, 6),
            format!("{}.{:02}", 1 + dice.below(900), dice.below(100)),
            dice.below(400).to_string(),
        ];
        length += row.iter().map(String::len).sum::<usize>();
        rows.push(row);
    }
    rows
}

impl Text {
    fn of(dice: &mut Dice, number: usize, kind: &str) -> Text {
        // A PDF's own fonts have no Cyrillic letters.
        let is_russian = number % 4 == 3 && kind != "pdf";
        let words = if is_russian { RUSSIAN } else { ENGLISH };
        let mut text = Text {
            title: format!("{} {number}", sentence_case(&dice.words(words, 3))),
            chapters: Vec::new(),
        };
        let mut length = 0;
        while length < LENGTH {
            let paragraphs: Vec<String> = (0..4).map(|_| dice.paragraph(words)).collect();
            length += paragraphs
                .iter()
                .map(|text| text.chars().count())
                .sum::<usize>();
            let heading = sentence_case(&dice.words(words, 3));
            text.chapters.push((heading, paragraphs));
        }
        text
    }

    fn length(&self) -> usize {
        self.plain().len()
    }

    fn plain(&self) -> String {
        self.written("", "")
    }

    fn markdown(&self) -> String {
        self.written("# ", "## ")
    }

    fn written(&self, title: &str, heading: &str) -> String {
        let mut text = format!("{title}{}\n\n", self.title);
        for (name, paragraphs) in &self.chapters {
            text.push_str(&format!(
                "{heading}{name}\n\n{}\n\n",
                paragraphs.join("\n\n")
            ));
        }
        text
    }

    fn html(&self) -> String {
        let mut page = format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><title>{0}</title></head><body>\
             <nav><a href=\"/\">Home</a> <a href=\"/shop\">Shop</a></nav><main><h1>{0}</h1>",
            self.title
        );
        for (name, paragraphs) in &self.chapters {
            page.push_str(&format!("<h2>{name}</h2>"));
            for paragraph in paragraphs {
                page.push_str(&format!("<p>{paragraph}</p>\n"));
            }
        }
        page.push_str("</main></body></html>");
        page
    }
}

fn sentence_case(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A linear congruence (Knuth's MMIX): the same in every run.
struct Dice(u64);

impl Dice {
    fn of(number: usize) -> Dice {
        let mut dice = Dice(number as u64);
        dice.below(2);
        dice
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Words of the list, those at its beginning more often.
    fn words(&mut self, list: &str, count: usize) -> String {
        let list: Vec<&str> = list.split_whitespace().collect();
        let picked = (0..count).map(|_| {
            let end = 1 + self.below(list.len());
            list[self.below(end)]
        });
        picked.collect::<Vec<_>>().join(" ")
    }

    fn paragraph(&mut self, list: &str) -> String {
        let sentences = (0..4).map(|_| {
            let length = 8 + self.below(9);
            let words = sentence_case(&self.words(list, length));
            match self.below(4) {
                0 => format!("{words} {}.{:02}.", self.below(900), self.below(100)),
                1 => format!("{words} KX-{}.", self.below(10_000)),
                _ => format!("{words}."),
            }
        });
        sentences.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_are_mixed_as_told() {
        for (wanted, share) in KINDS {
            let found = (0..ALL).filter(|number| kind(*number) == wanted).count();
            assert_eq!(found, share * ALL / OF, "{wanted}");
        }
        let first: Vec<&str> = (0..12).map(kind).collect();
        assert!(
            KINDS
                .iter()
                .filter(|(kind, _)| first.contains(kind))
                .count()
                >= 5
        );
    }

    #[test]
    fn a_document_is_the_same_every_time_and_as_long_as_told() {
        let text = |number| Text::of(&mut Dice::of(number), number, "txt").plain();
        assert_eq!(text(7), text(7));
        assert!((LENGTH..LENGTH * 6 / 5).contains(&text(8).len()));
    }
}
