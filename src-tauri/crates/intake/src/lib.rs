//! Where knowledge comes from by itself: web sites and folders of this computer.
//!
//! Owns: which addresses belong to a site and what they are called, robots.txt, site maps, the links of a page, what
//! a reply means (`site`); what lies in a folder, which folders are refused, and noticing changes (`folder`,
//! `watching`).
//! Not here: the connection and who may be connected to (`net`), what is kept of it (`store`), when it is looked at
//! (`app`), and reading documents (`extract`).

pub mod address;
pub mod folder;
pub mod links;
pub mod robots;
pub mod site;
pub mod sitemap;
pub mod watching;
