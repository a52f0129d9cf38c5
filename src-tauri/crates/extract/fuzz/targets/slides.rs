//! PowerPoint: a slide of today, and the stream of an old presentation.
#![no_main]

use extract_fuzz::{compound, package, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [slide, stream] = parts(data);
    let presentation =
        br#"<p:presentation><p:sldIdLst><p:sldId r:id="rId7"/></p:sldIdLst></p:presentation>"#;
    let relations = br#"<Relationships><Relationship Id="rId7" Type="x/slide" Target="slides/slide1.xml"/></Relationships>"#;
    let file = package(&[
        ("ppt/presentation.xml", presentation),
        ("ppt/_rels/presentation.xml.rels", relations),
        ("ppt/slides/slide1.xml", slide),
    ]);
    read(&file, "x.pptx");
    read(&compound(&[("/PowerPoint Document", stream)]), "x.ppt");
});
