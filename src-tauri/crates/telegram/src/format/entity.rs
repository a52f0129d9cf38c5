//! What is bold, italic, a link and so on in a text.

use teloxide::types::{MessageEntity, MessageEntityKind};

/// A piece of a text that is shown in a special way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// How.
    pub kind: EntityKind,
    /// Where it begins, in UTF-16 units.
    pub offset: usize,
    /// How long it is, in UTF-16 units; never 0.
    pub length: usize,
}

/// How a piece of a text is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityKind {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Struck through.
    Strikethrough,
    /// Letters of one width, in a line.
    Code,
    /// Letters of one width, in a block.
    Pre {
        /// The programming language; empty when not known.
        language: String,
    },
    /// A link.
    TextLink {
        /// Its address, `http` or `https`.
        url: String,
    },
    /// A quotation.
    Blockquote,
}

impl Entity {
    /// Where it ends, in UTF-16 units.
    pub fn end(&self) -> usize {
        self.offset + self.length
    }

    /// As the Bot API takes it; `None` for a link whose address is none.
    pub fn for_telegram(&self) -> Option<MessageEntity> {
        let kind = match &self.kind {
            EntityKind::Bold => MessageEntityKind::Bold,
            EntityKind::Italic => MessageEntityKind::Italic,
            EntityKind::Strikethrough => MessageEntityKind::Strikethrough,
            EntityKind::Code => MessageEntityKind::Code,
            EntityKind::Pre { language } => MessageEntityKind::Pre {
                language: (!language.is_empty()).then(|| language.clone()),
            },
            EntityKind::TextLink { url } => MessageEntityKind::TextLink {
                url: url.parse().ok()?,
            },
            EntityKind::Blockquote => MessageEntityKind::Blockquote,
        };
        Some(MessageEntity::new(kind, self.offset, self.length))
    }
}

impl EntityKind {
    /// True for code: Telegram lets nothing else be in it, or it in anything else but a block.
    pub fn is_code(&self) -> bool {
        matches!(self, EntityKind::Code | EntityKind::Pre { .. })
    }
}
