//! Buttons under messages.
//!
//! A button carries nothing but the id of what it does (16 bytes as 22 characters of base64url; Telegram takes
//! 1 to 64 bytes): old keyboards survive every change of the program, and nothing can be forged into one. Not
//! here: what a press does.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::delivery::Button;
use domain::id::PressId;
use domain::language::Language;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};
use uuid::Uuid;

use crate::sentences::Say;
use crate::split::clip_utf16;

/// The longest label that is shown, in UTF-16 units; Telegram cuts what does not fit the screen.
const MAX_LABEL: usize = 64;
/// Suggested questions that are shown at most.
pub const MAX_SUGGESTIONS: usize = 6;

/// What a button carries.
pub fn data_of(press: PressId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(press.0.as_bytes())
}

/// Which button was pressed; `None` when it is none of ours.
pub fn press_of(data: &str) -> Option<PressId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(data).ok()?;
    Some(PressId(Uuid::from_slice(&bytes).ok()?))
}

/// The keyboard of some rows. Rows without a button are left out.
pub fn inline(rows: &[Vec<Button>]) -> InlineKeyboardMarkup {
    let row = |row: &Vec<Button>| -> Vec<InlineKeyboardButton> {
        row.iter()
            .map(|button| InlineKeyboardButton::callback(label(&button.label), data_of(button.id)))
            .collect()
    };
    InlineKeyboardMarkup::new(rows.iter().filter(|row| !row.is_empty()).map(row))
}

/// Suggested questions, one a row.
pub fn suggestions(questions: &[(PressId, String)]) -> Vec<Vec<Button>> {
    questions
        .iter()
        .take(MAX_SUGGESTIONS)
        .map(|(id, question)| vec![button(*id, question.clone())])
        .collect()
}

/// What may stand under an answer; what is `None` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnderAnswer {
    /// Show the proof.
    pub sources: Option<PressId>,
    /// Thumb up and thumb down.
    pub rating: Option<(PressId, PressId)>,
    /// Ask for a person.
    pub person: Option<PressId>,
}

/// The buttons under an answer: sources and thumbs in one row, the person below.
pub fn under_answer(under: UnderAnswer, language: Language) -> Vec<Vec<Button>> {
    let mut first = Vec::new();
    if let Some(id) = under.sources {
        first.push(button(id, Say::SourcesButton.told(language)));
    }
    if let Some((good, bad)) = under.rating {
        first.push(button(good, "👍".to_owned()));
        first.push(button(bad, "👎".to_owned()));
    }
    let second = under
        .person
        .map(|id| button(id, Say::PersonButton.told(language)));
    let rows = [first, second.into_iter().collect()];
    rows.into_iter().filter(|row| !row.is_empty()).collect()
}

/// Buttons of an operators' card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Card {
    /// Take over; `None` while somebody has it.
    pub take: Option<PressId>,
    /// Hand back; `None` while the assistant has it.
    pub hand_back: Option<PressId>,
    /// Close.
    pub close: Option<PressId>,
    /// Ban.
    pub ban: Option<PressId>,
}

/// The buttons of a card of the console: what goes on above, what ends it below.
pub fn card(card: Card, language: Language) -> Vec<Vec<Button>> {
    let rows = [
        [
            (card.take, Say::TakeButton),
            (card.hand_back, Say::HandBackButton),
        ],
        [(card.close, Say::CloseButton), (card.ban, Say::BanButton)],
    ];
    rows.into_iter()
        .map(|row| {
            row.into_iter()
                .filter_map(|(id, say)| Some(button(id?, say.told(language))))
                .collect::<Vec<Button>>()
        })
        .filter(|row| !row.is_empty())
        .collect()
}

/// The buttons under a draft.
pub fn draft(send: PressId, edit: PressId, take: PressId, language: Language) -> Vec<Vec<Button>> {
    vec![vec![
        button(send, Say::SendButton.told(language)),
        button(edit, Say::EditButton.told(language)),
        button(take, Say::TakeButton.told(language)),
    ]]
}

fn button(id: PressId, label: String) -> Button {
    Button { id, label }
}

/// A label as Telegram takes it: one line, not empty.
fn label(text: &str) -> String {
    let line: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = line.join(" ");
    if line.is_empty() {
        return "…".to_owned();
    }
    let clipped = clip_utf16(&line, MAX_LABEL - 1);
    if clipped.len() == line.len() {
        return line;
    }
    format!("{}…", clipped.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::utf16_len;

    const fn id(number: u128) -> PressId {
        PressId(Uuid::from_u128(number))
    }

    #[test]
    fn a_button_carries_22_characters_and_is_found_again() {
        for number in [0, 1, u128::MAX, 0x0190_0000_0000_7000_8000_0000_0000_0001] {
            let data = data_of(id(number));
            assert_eq!(data.len(), 22);
            assert_eq!(press_of(&data), Some(id(number)));
        }
        for wrong in [
            "",
            "x",
            "not ours at all",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAAAAAAAAAAAAAAAA",
            "кнопка",
        ] {
            assert_eq!(press_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_answer_has_its_sources_and_thumbs_in_one_row() {
        let under = UnderAnswer {
            sources: Some(id(1)),
            rating: Some((id(2), id(3))),
            person: Some(id(4)),
        };
        let rows = under_answer(under, Language::RU);
        let labels: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.iter().map(|button| button.label.as_str()).collect())
            .collect();
        assert_eq!(
            labels,
            [
                vec!["📄 Источники", "👍", "👎"],
                vec!["👤 Позвать человека"]
            ]
        );
        assert!(under_answer(UnderAnswer::default(), Language::EN).is_empty());
    }

    #[test]
    fn a_card_shows_what_can_be_done_now() {
        let shown = Card {
            take: Some(id(1)),
            close: Some(id(2)),
            ban: Some(id(3)),
            hand_back: None,
        };
        let rows = card(shown, Language::EN);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(draft(id(1), id(2), id(3), Language::EN)[0].len(), 3);
    }

    #[test]
    fn labels_are_one_short_line() {
        let rows = vec![
            vec![],
            vec![Button {
                id: id(1),
                label: format!("Вопрос\n\u{0}{}", "👨‍👩‍👧‍👦 ".repeat(40)),
            }],
            vec![Button {
                id: id(2),
                label: String::new(),
            }],
        ];
        let keyboard = inline(&rows);
        assert_eq!(keyboard.inline_keyboard.len(), 2);
        for row in &keyboard.inline_keyboard {
            let text = &row[0].text;
            assert!((1..=MAX_LABEL).contains(&utf16_len(text)));
            assert!(!text.contains(char::is_control));
        }
        let many: Vec<(PressId, String)> = (0..50).map(|n| (id(n), "?".to_owned())).collect();
        assert_eq!(suggestions(&many).len(), MAX_SUGGESTIONS);
    }
}
