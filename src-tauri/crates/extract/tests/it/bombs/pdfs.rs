//! PDFs: streams in streams, loops in trees and tables, pictures and forms that multiply.

use std::fmt::Write as _;

use crate::bombs::{Bomb, Made, Scale};
use crate::made::{PdfPage, assemble, lines, pdf, zlib};

pub fn all() -> Vec<Bomb> {
    vec![
        Bomb {
            name: "flate-3.pdf",
            make: flate_3,
        },
        Bomb {
            name: "run-length.pdf",
            make: |scale| {
                filtered(
                    "/RunLengthDecode",
                    [0x81, b' '].repeat(scale.pick(100_000, 20_000_000)),
                )
            },
        },
        Bomb {
            name: "lzw.pdf",
            make: |scale| filtered("/LZWDecode", vec![0x80; scale.pick(100_000, 20_000_000)]),
        },
        Bomb {
            name: "object-stream-ring.pdf",
            make: |_| object_stream_ring(),
        },
        Bomb {
            name: "deep-pages.pdf",
            make: |scale| deep_pages(scale.pick(5_000, 300_000)),
        },
        Bomb {
            name: "ring-pages.pdf",
            make: |_| {
                assemble(
                    &objects(&[
                        "<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 3 /Parent 2 0 R >>",
                    ]),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "wide-pages.pdf",
            make: |scale| {
                let kids = "3 0 R ".repeat(scale.pick(5_001, 5_000_000));
                assemble(
                    &objects(&[
                        &format!("<< /Type /Pages /Kids [{kids}] /Count 2147483647 >>"),
                        "<< /Type /Page /Parent 2 0 R >>",
                    ]),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "doubling-pages.pdf",
            make: |_| {
                // Each of 40 nodes has the next one twice: 2^40 pages.
                let nodes: Vec<String> = (3..43)
                    .map(|next| {
                        format!("<< /Type /Pages /Kids [{next} 0 R {next} 0 R] /Count 2 >>")
                    })
                    .chain(["<< /Type /Page >>".to_owned()])
                    .collect();
                assemble(
                    &objects(&nodes.iter().map(String::as_str).collect::<Vec<_>>()),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "xref-huge.pdf",
            make: |_| {
                with_xref(
                    "xref\n0 2147483647\n0000000000 65535 f \n",
                    "/Size 2147483647",
                )
            },
        },
        Bomb {
            name: "xref-stream-huge.pdf",
            make: |_| {
                let packed = zlib(&mut std::io::repeat(0), 64 << 20);
                let mut file = b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n".to_vec();
                let start = file.len();
                file.extend(format!("3 0 obj << /Type /XRef /Size 2147483647 /W [1 8 8] /Index [0 2147483647] /Root 1 0 R /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).bytes());
                file.extend(packed);
                file.extend(format!("\nendstream endobj\nstartxref\n{start}\n%%EOF").bytes());
                file.into()
            },
        },
        Bomb {
            name: "xref-ring.pdf",
            make: |_| with_xref("xref\n0 1\n0000000000 65535 f \n", "/Size 3 /Prev PLACE"),
        },
        Bomb {
            name: "form-ring.pdf",
            make: |_| forms("/X0 Do", 1),
        },
        Bomb {
            name: "forms-doubling.pdf",
            make: |scale| forms("/X0 Do /X0 Do", scale.pick(10, 30)),
        },
        Bomb {
            name: "type-3-ring.pdf",
            make: |_| type_3_ring(),
        },
        Bomb {
            name: "pattern-ring.pdf",
            make: |_| pattern_ring(),
        },
        Bomb {
            name: "picture-65k.pdf",
            make: |_| picture("/FlateDecode", zlib(&mut std::io::repeat(0), 16 << 20)),
        },
        Bomb {
            name: "jpeg-65k.pdf",
            make: |_| {
                picture("/DCTDecode", b"\xFF\xD8\xFF\xC0\0\x11\x08\xFF\xFF\xFF\xFF\x03\x01\x11\0\x02\x11\0\x03\x11\0\xFF\xDA\0\x0C\x03\x01\0\x02\0\x03\0\0\x3F\0abc\xFF\xD9".to_vec())
            },
        },
        Bomb {
            name: "jpx-65k.pdf",
            make: |_| {
                picture("/JPXDecode", b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x16ihdr\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\x03\x07\x07\0\0".to_vec())
            },
        },
        Bomb {
            name: "jbig2-65k.pdf",
            make: |_| {
                picture("/JBIG2Decode", b"\0\0\0\0\x30\0\x01\0\0\0\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0\0\0\0".to_vec())
            },
        },
        Bomb {
            name: "mask-65k.pdf",
            make: |_| {
                let content = "q 1000000 0 0 1000000 0 0 cm /Im Do Q BI /W 65535 /H 65535 /BPC 8 /CS /RGB ID x EI".repeat(100);
                pdf(vec![PdfPage::new(content)]).into()
            },
        },
        Bomb {
            name: "arrays.pdf",
            make: |scale| content(&"[".repeat(scale.pick(50_000, 10_000_000))),
        },
        Bomb {
            name: "dictionaries.pdf",
            make: |scale| {
                let deep = "<< /A ".repeat(scale.pick(50_000, 10_000_000));
                assemble(
                    &objects(&["<< /Type /Pages /Kids [] /Count 0 >>", &deep]),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "operators.pdf",
            make: |scale| content(&"0 0 m 1 1 l S q ".repeat(scale.pick(50_000, 5_000_000))),
        },
        Bomb {
            name: "paths.pdf",
            make: |scale| {
                content(&format!(
                    "0 0 m {} S",
                    "1 2 3 4 5 6 c ".repeat(scale.pick(50_000, 5_000_000))
                ))
            },
        },
        Bomb {
            name: "letters.pdf",
            make: |scale| {
                content(&format!(
                    "BT /F1 9 Tf {} ET",
                    "(word word word) Tj 0 -1 Td ".repeat(scale.pick(5_000, 500_000))
                ))
            },
        },
        Bomb {
            name: "states.pdf",
            make: |scale| content(&"q BT /F1 1 Tf ".repeat(scale.pick(50_000, 3_000_000))),
        },
        Bomb {
            name: "clips.pdf",
            make: |scale| content(&"0 0 9 9 re W n ".repeat(scale.pick(20_000, 2_000_000))),
        },
        Bomb {
            name: "to-unicode.pdf",
            make: |_| to_unicode(),
        },
        Bomb {
            name: "pages.pdf",
            make: |scale| {
                pdf((0..scale.pick(200, 4_999))
                    .map(|_| PdfPage::new(lines(&[(72.0, 700.0, 11.0, "A page of text.")])))
                    .collect())
                .into()
            },
        },
        Bomb {
            name: "page-size.pdf",
            make: |_| {
                let text = lines(&[(72.0, 700.0, 11.0, "Text."), (1e9, 1e9, 1e12, "Far away.")]);
                pdf(vec![PdfPage {
                    entries: "/MediaBox [0 0 1e38 1e38] /UserUnit 1e30 /Rotate 91",
                    ..PdfPage::new(text)
                }])
                .into()
            },
        },
        Bomb {
            name: "length-ring.pdf",
            make: |_| {
                assemble(
                    &objects(&[
                        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
                        "<< /Length 4 0 R >>\nstream\nBT ET\nendstream",
                    ]),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "names.pdf",
            make: |scale| {
                let long = format!(
                    "<< /Type /Pages /Kids [] /Count 0 /{} (",
                    "N".repeat(scale.pick(100_000, 50_000_000))
                );
                assemble(
                    &objects(&[&format!(
                        "{long}{}) >>",
                        "(".repeat(scale.pick(50_000, 5_000_000))
                    )]),
                    "",
                )
                .into()
            },
        },
        Bomb {
            name: "objects.pdf",
            make: |scale| {
                // No table: every object has to be looked for.
                let many: String = (1..scale.pick(20_000, 2_000_000))
                    .map(|number| format!("{number} 0 obj {} 0 R endobj\n", number + 1))
                    .collect();
                format!("%PDF-1.7\n{many}trailer << /Root 1 0 R >>").into()
            },
        },
        Bomb {
            name: "shading.pdf",
            make: |_| shading(),
        },
    ]
}

/// Objects from number 1: the catalog and these.
fn objects(rest: &[&str]) -> Vec<Vec<u8>> {
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>";
    std::iter::once(&catalog)
        .chain(rest)
        .map(|object| object.as_bytes().to_vec())
        .collect()
}

fn content(text: &str) -> Made {
    let packed = zlib(&mut text.as_bytes(), text.len() as u64);
    filtered("/FlateDecode", packed)
}

fn filtered(filter: &str, bytes: Vec<u8>) -> Made {
    let mut stream =
        format!("<< /Filter {filter} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    stream.extend(bytes);
    stream.extend(b"\nendstream");
    page_with(stream, &[])
}

/// A page with Helvetica as F1, this content, and more objects from number 6.
fn page_with(stream: Vec<u8>, more: &[String]) -> Made {
    let mut all = objects(&[
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R /F2 6 0 R >> /XObject << /X0 6 0 R >> /Pattern << /P0 6 0 R >> /Shading << /S0 6 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]);
    all.push(stream);
    all.extend(more.iter().map(|object| object.clone().into_bytes()));
    assemble(&all, "").into()
}

fn stream_of(entries: &str, text: &str) -> String {
    format!(
        "<< {entries} /Length {} >>\nstream\n{text}\nendstream",
        text.len()
    )
}

/// Deflated three times: a gigabyte of spaces in a few hundred bytes.
fn flate_3(scale: Scale) -> Made {
    let once = zlib(
        &mut std::io::repeat(b' '),
        scale.pick(256 << 20, 4 << 30) as u64,
    );
    let twice = zlib(&mut once.as_slice(), once.len() as u64);
    let thrice = zlib(&mut twice.as_slice(), twice.len() as u64);
    filtered("[/FlateDecode /FlateDecode /FlateDecode]", thrice)
}

fn object_stream_ring() -> Made {
    let inside = "7 0 8 4 << /Type /Catalog /Pages 8 0 R >>";
    let stream = |number: usize, extends: usize| {
        format!(
            "{number} 0 obj\n{}\nendobj\n",
            stream_of(
                &format!("/Type /ObjStm /N 2147483647 /First 8 /Extends {extends} 0 R"),
                inside
            )
        )
    };
    let mut file = format!("%PDF-1.7\n{}{}", stream(5, 6), stream(6, 5));
    let start = file.len();
    // Objects 7 and 8 lie in stream 5; streams 5 and 6 lie in each other.
    let entries: String = (0..9)
        .map(|number| match number {
            5 | 6 => format!("02 {:04x} 00", 11 - number),
            7 | 8 => format!("02 0005 {:02x}", number - 7),
            _ => "00 0000 00".to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ");
    write!(
        file,
        "9 0 obj\n{}\nendobj\nstartxref\n{start}\n%%EOF",
        stream_of(
            "/Type /XRef /Size 9 /W [1 2 1] /Root 7 0 R /Filter /ASCIIHexDecode",
            &(entries + ">")
        )
    )
    .unwrap();
    file.into()
}

fn deep_pages(depth: usize) -> Made {
    let mut all = objects(&[]);
    for number in 2..depth {
        all.push(
            format!(
                "<< /Type /Pages /Kids [{} 0 R] /Count 1 /Parent {} 0 R >>",
                number + 1,
                number - 1
            )
            .into_bytes(),
        );
    }
    all.push(format!("<< /Type /Page /Parent {} 0 R >>", depth - 1).into_bytes());
    assemble(&all, "").into()
}

fn with_xref(table: &str, trailer: &str) -> Made {
    let mut file = "%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n".to_owned();
    let start = file.len();
    let trailer = trailer.replace("PLACE", &start.to_string());
    write!(
        file,
        "{table}trailer << /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF"
    )
    .unwrap();
    file.into()
}

/// Forms of which each calls the next one as the text says; the last calls itself.
fn forms(call: &str, depth: usize) -> Made {
    let form = |number: usize| {
        let next = 6 + (number + 1).min(depth - 1);
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X0 {next} 0 R >> /Font << /F1 4 0 R >> >>"
        );
        stream_of(&entries, &format!("BT /F1 9 Tf (w) Tj ET {call}"))
    };
    let forms: Vec<String> = (0..depth).map(form).collect();
    page_with(stream_of("", "/X0 Do").into_bytes(), &forms)
}

/// A font whose letter is drawn by a text in the same font.
fn type_3_ring() -> Made {
    let font = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a 7 0 R >> /Resources << /Font << /F2 6 0 R >> >> >>".to_owned();
    let letter = stream_of("", "1 0 d0 BT /F2 1 Tf (aaaaaaaaaa) Tj ET");
    page_with(
        stream_of("", "BT /F2 9 Tf (aaaaaaaaaa) Tj ET").into_bytes(),
        &[font, letter],
    )
}

fn pattern_ring() -> Made {
    let pattern = stream_of(
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << /Pattern << /P0 6 0 R >> >>",
        "/Pattern cs /P0 scn 0 0 1 1 re f",
    );
    page_with(
        stream_of("", "/Pattern cs /P0 scn 0 0 500 500 re f").into_bytes(),
        &[pattern],
    )
}

fn picture(filter: &str, bytes: Vec<u8>) -> Made {
    let mut picture = format!("<< /Type /XObject /Subtype /Image /Width 65535 /Height 65535 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter {filter} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    picture.extend(bytes);
    picture.extend(b"\nendstream");
    let mut all = objects(&[
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> /XObject << /X0 6 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]);
    all.push(
        stream_of(
            "",
            "BT /F1 9 Tf 72 700 Td (Our shop is open on weekdays from nine to six.) Tj ET /X0 Do",
        )
        .into_bytes(),
    );
    all.push(picture);
    assemble(&all, "").into()
}

/// A font whose letters are said to be everything at once.
fn to_unicode() -> Made {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R >>".to_owned();
    let ranges = format!("1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange {}", "100 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange 1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange ".repeat(2_000));
    let map = stream_of("", &ranges);
    page_with(
        stream_of("", "BT /F2 9 Tf 72 700 Td (aaaa) Tj ET").into_bytes(),
        &[font, map],
    )
}

fn shading() -> Made {
    let function = "/Function << /FunctionType 2 /Domain [0 1] /N 1e38 /C0 [0] /C1 [1] >>";
    let shading = format!(
        "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1e38 1e38] /Extend [true true] {function} >>"
    );
    page_with(
        stream_of("", &"/S0 sh ".repeat(20_000)).into_bytes(),
        &[shading],
    )
}
