//! The arithmetic that all models on this computer share: matrix products, and the small loops of a transformer.
//!
//! Not here: products of packed weights (`lm::kernels`), and what the numbers mean.

pub(crate) mod math;
pub(crate) mod product;
