//! PowerPoint presentations of 1997 to 2003 (MS-PPT): the texts of each slide.

use std::collections::BTreeMap;

use domain::document::ReadFailure;
use encoding_rs::WINDOWS_1252;

use crate::blocks::Builder;
use crate::compound::{Compound, number_16, number_32, utf_16};

/// Reads a presentation.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut file = Compound::open(bytes)?;
    if file.has("/EncryptedSummary") || file.has("/EncryptedSummaryInfo") {
        return Err(ReadFailure::Encrypted);
    }
    let stream = file.stream("/PowerPoint Document")?;
    let mut slides = Slides::default();
    slides.walk(&stream.ok_or(ReadFailure::Damaged)?, Place::Outside, 0);
    let count = slides.listed.len().max(slides.drawn.len());
    builder.report.pages = u32::try_from(count).unwrap_or(u32::MAX);
    for number in 0..count {
        builder.set_page(u32::try_from(number + 1).unwrap_or(u32::MAX));
        let listed = slides.listed.get(number).into_iter().flatten();
        let drawn = slides.drawn.values().nth(number).into_iter().flatten();
        for text in listed.chain(drawn) {
            text.add(builder);
        }
    }
    Ok(())
}

/// Types of records (MS-PPT 2.13.24).
const SLIDE: u16 = 0x03EE;
const SLIDE_LIST: u16 = 0x0FF0;
const SLIDE_IN_LIST: u16 = 0x03F3;
const TEXT_HEADER: u16 = 0x0F9F;
const TEXT_OF_CHARACTERS: u16 = 0x0FA0;
const TEXT_OF_BYTES: u16 = 0x0FA8;
/// Containers within containers that are followed.
const DEEPEST: usize = 32;

#[derive(Default)]
struct Slides {
    /// Texts that stand in the list of slides: those of placeholders.
    listed: Vec<Vec<Text>>,
    /// Texts that stand in the drawings of slides, by place in the file.
    drawn: BTreeMap<usize, Vec<Text>>,
    kind: u32,
}

struct Text {
    /// 0 and 6 are titles (MS-PPT 2.13.33).
    kind: u32,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// In the list of slides, not that of masters or notes.
    List,
    /// In the drawing of the slide that begins there.
    Slide(usize),
}

impl Slides {
    fn walk(&mut self, bytes: &[u8], place: Place, depth: usize) {
        let mut at = 0;
        while let (Some(version), Some(kind), Some(length)) = (
            number_16(bytes, at),
            number_16(bytes, at + 2),
            number_32(bytes, at + 4),
        ) {
            let start = at + 8;
            let end = start.saturating_add(length as usize).min(bytes.len());
            let body = &bytes[start..end];
            let is_container = version & 15 == 15;
            match kind {
                SLIDE => {
                    let number = self.drawn.len();
                    self.drawn.insert(number, Vec::new());
                    self.walk(body, Place::Slide(number), depth + 1);
                }
                SLIDE_LIST if version >> 4 == 0 => self.walk(body, Place::List, depth + 1),
                SLIDE_IN_LIST if place == Place::List => self.listed.push(Vec::new()),
                TEXT_HEADER => self.kind = number_32(body, 0).unwrap_or(u32::MAX),
                TEXT_OF_CHARACTERS => self.add(place, utf_16(body)),
                TEXT_OF_BYTES => {
                    let (text, _) = WINDOWS_1252.decode_without_bom_handling(body);
                    self.add(place, text.into_owned());
                }
                _ if is_container && depth < DEEPEST => self.walk(body, place, depth + 1),
                _ => {}
            }
            at = end;
        }
    }

    fn add(&mut self, place: Place, text: String) {
        let kind = self.kind;
        let texts = match place {
            Place::Outside => None,
            Place::List => self.listed.last_mut(),
            Place::Slide(number) => self.drawn.get_mut(&number),
        };
        if let Some(texts) = texts {
            texts.push(Text { kind, text });
        }
    }
}

impl Text {
    fn add(&self, builder: &mut Builder) {
        let text = self.text.replace('\u{b}', "\n");
        if matches!(self.kind, 0 | 6) {
            builder.heading(1, &text.replace('\r', " "));
            return;
        }
        for paragraph in text.split('\r') {
            builder.paragraph(paragraph);
        }
    }
}
