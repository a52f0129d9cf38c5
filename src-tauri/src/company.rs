//! The demo company, carried inside the program: documents, approved answers, its assistant.

use app::demo::Demo;
use app::qa::QaDraft;
use domain::assistant::{AssistantSettings, Refusal};
use serde::Deserialize;

/// Every file of the demo company, by name.
const FILES: &[(&str, &[u8])] = &[
    (
        "Pine S2 scooter manual.pdf",
        include_bytes!("../../assets/demo/files/Pine S2 scooter manual.pdf"),
    ),
    (
        "Руководство Гранит E5.pdf",
        include_bytes!("../../assets/demo/files/Руководство Гранит E5.pdf"),
    ),
    (
        "Workshop leaflet.pdf",
        include_bytes!("../../assets/demo/files/Workshop leaflet.pdf"),
    ),
    (
        "Warranty and returns.docx",
        include_bytes!("../../assets/demo/files/Warranty and returns.docx"),
    ),
    (
        "Гарантия и возврат.docx",
        include_bytes!("../../assets/demo/files/Гарантия и возврат.docx"),
    ),
    (
        "Price list.xlsx",
        include_bytes!("../../assets/demo/files/Price list.xlsx"),
    ),
    (
        "Delivery.md",
        include_bytes!("../../assets/demo/files/Delivery.md"),
    ),
    (
        "Доставка и оплата.md",
        include_bytes!("../../assets/demo/files/Доставка и оплата.md"),
    ),
    (
        "Прокат.md",
        include_bytes!("../../assets/demo/files/Прокат.md"),
    ),
    (
        "Opening hours and contacts.html",
        include_bytes!("../../assets/demo/files/Opening hours and contacts.html"),
    ),
    (
        "Часы работы и контакты.html",
        include_bytes!("../../assets/demo/files/Часы работы и контакты.html"),
    ),
    (
        "Gift cards and club.md",
        include_bytes!("../../assets/demo/files/Gift cards and club.md"),
    ),
];

/// The question that is asked after the demo company was loaded.
pub const SAMPLE_QUESTION: &str = "How long does it take to charge the Pine S2?";

/// `assets/demo/demo.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    business: String,
    assistant: ToldAssistant,
    files: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldAssistant {
    name: String,
    instructions: String,
    greeting: String,
    refusals: Vec<Refusal>,
    suggestions: Vec<String>,
}

/// One line of `assets/demo/qa.json`.
#[derive(Debug, Deserialize)]
struct ToldQa {
    questions: Vec<String>,
    answer: String,
}

/// The demo company.
pub fn company() -> Demo {
    let told: Told = serde_json::from_str(include_str!("../../assets/demo/demo.json"))
        .expect("the file is part of the program and a test reads it");
    let pairs: Vec<ToldQa> = serde_json::from_str(include_str!("../../assets/demo/qa.json"))
        .expect("the file is part of the program and a test reads it");
    let with_bytes = |name: &String| {
        let found = FILES.iter().find(|(file, _)| file == name);
        found.map(|(_, bytes)| (name.clone(), *bytes))
    };
    Demo {
        name: told.business,
        files: told.files.iter().filter_map(with_bytes).collect(),
        qa: pairs
            .into_iter()
            .map(|pair| QaDraft {
                questions: pair.questions,
                answer: pair.answer,
            })
            .collect(),
        assistant: told.assistant.name,
        settings: AssistantSettings {
            instructions: told.assistant.instructions,
            greeting: told.assistant.greeting,
            refusals: told.assistant.refusals,
            suggestions: told.assistant.suggestions,
            ..AssistantSettings::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_company_is_whole() {
        let company = company();
        assert_eq!(company.files.len(), FILES.len());
        assert!(company.qa.len() >= 12);
        assert_eq!(company.settings.refusals.len(), 2);
    }
}
