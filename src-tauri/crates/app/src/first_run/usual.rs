//! What customers of any business ask sooner or later: of these the ones are told that the documents do not answer.

use domain::language::Language;

/// The usual questions in a language; in English where it is another one.
pub fn questions(language: Language) -> &'static [&'static str] {
    match language {
        Language::RU => RUSSIAN,
        _ => ENGLISH,
    }
}

const ENGLISH: &[&str] = &[
    "When are you open?",
    "Where are you, and is there parking nearby?",
    "How can I pay?",
    "Do you deliver, and what does it cost?",
    "Can I return something that I bought?",
    "Can I book a time in advance?",
    "Do you give a discount to regular customers?",
    "Do you sell gift vouchers?",
    "Can I cancel an order or an appointment?",
    "Is there a guarantee?",
    "Do you give an invoice for companies?",
    "How do I make a complaint?",
    "Do you have a waiting list?",
    "Are you open on public holidays?",
];

const RUSSIAN: &[&str] = &[
    "Когда вы открыты?",
    "Где вы находитесь и есть ли рядом парковка?",
    "Как можно оплатить?",
    "Есть ли доставка и сколько она стоит?",
    "Можно ли вернуть покупку?",
    "Можно ли записаться заранее?",
    "Есть ли скидки постоянным клиентам?",
    "Продаёте ли вы подарочные сертификаты?",
    "Можно ли отменить заказ или запись?",
    "Есть ли гарантия?",
    "Выставляете ли вы счёт для организаций?",
    "Куда обратиться с жалобой?",
    "Есть ли у вас лист ожидания?",
    "Работаете ли вы в праздники?",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_as_many() {
        assert_eq!(questions(Language::RU).len(), questions(Language::EN).len());
        assert_eq!(questions(Language::UNKNOWN), ENGLISH);
    }
}
