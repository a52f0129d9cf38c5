//! Plain texts, tables of text, messages and rich text.

use crate::bombs::{Bomb, Made, Scale};

pub fn all() -> Vec<Bomb> {
    vec![
        Bomb {
            name: "line-of-1-gib.csv",
            make: |_| Made::Sparse(1 << 30),
        },
        Bomb {
            name: "line.csv",
            make: |scale| one_line("word,word;", scale),
        },
        Bomb {
            name: "line.txt",
            make: |scale| one_line("word ", scale),
        },
        Bomb {
            name: "line-without-spaces.txt",
            make: |scale| one_line("x", scale),
        },
        Bomb {
            name: "line.md",
            make: |scale| one_line("word ", scale),
        },
        Bomb {
            name: "line.html",
            make: |scale| one_line("<b>word</b>", scale),
        },
        Bomb {
            name: "columns.csv",
            make: |scale| "a;".repeat(scale.pick(100_000, 10_000_000)).into(),
        },
        Bomb {
            name: "quote.csv",
            make: |scale| {
                format!("a;\"b\n{}", "c;d\n".repeat(scale.pick(50_000, 4_000_000))).into()
            },
        },
        Bomb {
            name: "quotes.md",
            make: |scale| format!("{} text", "> ".repeat(scale.pick(2_000, 200_000))).into(),
        },
        Bomb {
            name: "lists.md",
            make: |scale| {
                (0..scale.pick(300, 3_000))
                    .map(|depth| format!("{}- x\n", "  ".repeat(depth)))
                    .collect::<String>()
                    .into()
            },
        },
        Bomb {
            name: "brackets.md",
            make: |scale| {
                format!(
                    "{}x{}",
                    "[".repeat(scale.pick(5_000, 500_000)),
                    "]".repeat(scale.pick(5_000, 500_000))
                )
                .into()
            },
        },
        Bomb {
            name: "stars.md",
            make: |scale| "a**b*c_".repeat(scale.pick(5_000, 500_000)).into(),
        },
        Bomb {
            name: "links.org",
            make: |scale| "[[a ".repeat(scale.pick(20_000, 2_000_000)).into(),
        },
        Bomb {
            name: "marks.rst",
            make: |scale| {
                "`a *b |c :d:`e [f "
                    .repeat(scale.pick(5_000, 500_000))
                    .into()
            },
        },
        Bomb {
            name: "deep.rst",
            make: |scale| {
                (0..scale.pick(300, 3_000))
                    .map(|depth| format!("{}.. note::\n\n", "   ".repeat(depth)))
                    .collect::<String>()
                    .into()
            },
        },
        Bomb {
            name: "deep.rtf",
            make: |scale| {
                format!(r"{{\rtf1 {}", "{a".repeat(scale.pick(50_000, 50_000_000))).into()
            },
        },
        Bomb {
            name: "fonts.rtf",
            make: |scale| {
                let fonts: String = (0..scale.pick(5_000, 500_000))
                    .map(|number| format!(r"{{\f{number}\fcharset204 A;}}"))
                    .collect();
                format!(
                    r"{{\rtf1{{\fonttbl{fonts}}}{}",
                    r"\f7 a ".repeat(scale.pick(5_000, 5_000_000))
                )
                .into()
            },
        },
        Bomb {
            name: "binary.rtf",
            make: |_| {
                r"{\rtf1 text\bin2147483647 \'ff\u-1?\bin-5 more}"
                    .to_owned()
                    .into()
            },
        },
        Bomb {
            name: "cells.rtf",
            make: |scale| {
                format!(
                    r"{{\rtf1\intbl {}",
                    r"a\cell\row".repeat(scale.pick(20_000, 10_000_000))
                )
                .into()
            },
        },
        Bomb {
            name: "nested.eml",
            make: |scale| nested_parts(scale.pick(200, 20_000)).into(),
        },
        Bomb {
            name: "messages.eml",
            make: |scale| nested_messages(scale.pick(200, 5_000)).into(),
        },
        Bomb {
            name: "parts.eml",
            make: |scale| {
                let part = "--B\r\nContent-Type: text/plain; name=\"a.txt\"\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\nx\r\n";
                format!("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n{}--B--\r\n", part.repeat(scale.pick(2_000, 200_000))).into()
            },
        },
        Bomb {
            name: "header.eml",
            make: |scale| {
                format!(
                    "Subject: {}\r\nTo: {}\r\n\r\ntext",
                    "=?utf-8?B?0JDQvdC9?= ".repeat(scale.pick(20_000, 1_000_000)),
                    "a@b.c, ".repeat(scale.pick(20_000, 1_000_000))
                )
                .into()
            },
        },
    ]
}

/// A text without a line feed.
fn one_line(word: &str, scale: Scale) -> Made {
    word.repeat(scale.pick(2 << 20, 190 << 20) / word.len())
        .into()
}

fn nested_parts(depth: usize) -> String {
    let mut text = "From: a@b.c\r\nSubject: x\r\nMIME-Version: 1.0\r\n".to_owned();
    for level in 0..depth {
        text += &format!("Content-Type: multipart/mixed; boundary=B{level}\r\n\r\n--B{level}\r\n");
    }
    text + "\r\ntext\r\n"
}

fn nested_messages(depth: usize) -> String {
    "From: a@b.c\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n"
        .repeat(depth)
        + "From: a@b.c\r\n\r\ntext\r\n"
}
