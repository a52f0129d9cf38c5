//! A plain PDF: pages of lines in Helvetica.

use super::documents::Text;

const LINE: usize = 88;
const LINES_ON_PAGE: usize = 46;

/// The bytes of a PDF (ISO 32000-1, 7.5) that says `text`, which is of Latin letters.
pub fn pages(text: &Text) -> Vec<u8> {
    let mut lines = vec![text.title.clone(), String::new()];
    for (heading, paragraphs) in &text.chapters {
        lines.extend([heading.clone(), String::new()]);
        for paragraph in paragraphs {
            lines.extend(broken(paragraph));
            lines.push(String::new());
        }
    }
    let pages: Vec<&[String]> = lines.chunks(LINES_ON_PAGE).collect();
    // Objects: catalogue, list of pages, font, then a page and its content for each.
    let page_id = |at: usize| 4 + 2 * at;
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", page_id(at)))
        .collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Count {} /Kids [{}] >>",
            pages.len(),
            kids.join(" ")
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    for (at, lines) in pages.iter().enumerate() {
        let mut content = String::from("BT /F1 11 Tf 15 TL 56 780 Td\n");
        for line in *lines {
            content.push_str(&format!("({line}) Tj T*\n"));
        }
        content.push_str("ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            page_id(at) + 1
        ));
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let table = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

fn broken(paragraph: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let last = lines.len() - 1;
        if lines[last].len() + word.len() >= LINE {
            lines.push(word.to_owned());
            continue;
        }
        if !lines[last].is_empty() {
            lines[last].push(' ');
        }
        lines[last].push_str(word);
    }
    lines
}
