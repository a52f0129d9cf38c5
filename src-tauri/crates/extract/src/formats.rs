//! One file for each format that is read.

pub(crate) mod csv;
pub(crate) mod docx;
mod docx_styles;
pub(crate) mod html;
mod html_table;
pub(crate) mod md;
pub(crate) mod pdf;
pub(crate) mod txt;
pub(crate) mod xlsx;
mod xlsx_number;
