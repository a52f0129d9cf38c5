//! One file for each format that is read.

pub(crate) mod archive;
pub(crate) mod csv;
pub(crate) mod doc;
pub(crate) mod docx;
mod docx_styles;
pub(crate) mod epub;
pub(crate) mod html;
mod html_table;
pub(crate) mod mail;
pub(crate) mod md;
pub(crate) mod odf;
pub(crate) mod org;
pub(crate) mod pdf;
pub(crate) mod ppt;
pub(crate) mod pptx;
pub(crate) mod rtf;
pub(crate) mod sheet;
pub(crate) mod txt;
pub(crate) mod xlsx;
mod xlsx_number;
