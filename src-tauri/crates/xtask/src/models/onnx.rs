//! Reads a BERT graph with 8-bit weights (ONNX, dynamically quantised) and writes what a publisher would give:
//! model.safetensors (f16), the names as in the original checkpoint.
//!
//! Only what such a file needs of the format: nodes with inputs and outputs, and constant tensors of floats
//! and bytes. Field numbers are those of onnx.proto3. Not here: running a graph.

use std::collections::HashMap;

use half::f16;

use super::tensors::Tensors;

/// Steps upwards from an addition to its multiplication: cast, scaling and their like lie between.
const LONGEST_PATH: usize = 8;

/// The weights of the graph as a safetensors file.
pub(super) fn weights(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let graph = Graph::read(bytes).ok_or("the graph is cut off")?;
    let mut out = Tensors::default();
    for (name, tensor) in graph.checkpoint()? {
        out.add(&name, &tensor.shape, tensor.numbers);
    }
    out.finish()
        .ok_or_else(|| "the weights cannot be written".to_owned())
}

/// A tensor of the original checkpoint.
struct Weights {
    shape: Vec<usize>,
    numbers: Vec<f16>,
}

#[derive(Default)]
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    constants: HashMap<&'a str, Constant<'a>>,
}

#[derive(Default)]
struct Node<'a> {
    kind: &'a str,
    inputs: Vec<&'a str>,
    outputs: Vec<&'a str>,
}

/// A constant tensor as it stands in the file.
#[derive(Default)]
struct Constant<'a> {
    shape: Vec<usize>,
    /// 1 for floats, 2 for unsigned bytes, 3 for signed ones.
    kind: u64,
    raw: &'a [u8],
    /// True when whole numbers stand as numbers of any length instead of bytes.
    is_spelled: bool,
}

impl<'a> Graph<'a> {
    fn read(bytes: &'a [u8]) -> Option<Graph<'a>> {
        let mut graph = Graph::default();
        for field in Fields(bytes) {
            let (7, Value::Bytes(part)) = field? else {
                continue;
            };
            for field in Fields(part) {
                match field? {
                    (1, Value::Bytes(node)) => graph.add_node(Node::read(node)?, node)?,
                    (5, Value::Bytes(tensor)) => {
                        let (name, constant) = Constant::read(tensor)?;
                        graph.constants.insert(name, constant);
                    }
                    _ => {}
                }
            }
        }
        Some(graph)
    }

    /// A node that only holds a constant is that constant under the name of its output.
    fn add_node(&mut self, node: Node<'a>, bytes: &'a [u8]) -> Option<()> {
        if node.kind == "Constant" {
            for field in Fields(bytes) {
                let (5, Value::Bytes(attribute)) = field? else {
                    continue;
                };
                for field in Fields(attribute) {
                    if let (5, Value::Bytes(tensor)) = field? {
                        let (_, constant) = Constant::read(tensor)?;
                        self.constants.insert(node.outputs.first()?, constant);
                    }
                }
            }
        }
        self.nodes.push(node);
        Some(())
    }

    /// The tensors by the names of the checkpoint, in the order of their names.
    fn checkpoint(&self) -> Result<Vec<(String, Weights)>, String> {
        let mut found = Vec::new();
        for (name, constant) in &self.constants {
            let is_named = name.ends_with(".weight") || name.ends_with(".bias");
            if is_named && constant.kind == 1 {
                found.push(((*name).to_owned(), constant.as_they_are()));
            }
            let embedding = name
                .strip_suffix("_quantized")
                .filter(|name| name.ends_with(".weight") && name.contains("embeddings"));
            if let Some(embedding) = embedding {
                found.push((embedding.to_owned(), self.dequantised(name)?));
            }
        }
        found.extend(self.products()?);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    /// The matrices have lost their names: each is known by the bias that is added to its product.
    fn products(&self) -> Result<Vec<(String, Weights)>, String> {
        let made_by: HashMap<&str, &Node> = self
            .nodes
            .iter()
            .flat_map(|node| node.outputs.iter().map(move |output| (*output, node)))
            .collect();
        let mut found = Vec::new();
        for node in self.nodes.iter().filter(|node| node.kind == "Add") {
            let is_bias = |name: &&&str| {
                name.ends_with(".bias")
                    && !name.contains("LayerNorm")
                    && self.constants.contains_key(**name)
            };
            let Some(bias) = node.inputs.iter().find(is_bias) else {
                continue;
            };
            let product = node
                .inputs
                .iter()
                .filter(|input| *input != bias)
                .find_map(|input| self.product_above(&made_by, input, LONGEST_PATH));
            let product = product.ok_or_else(|| format!("no product stands before {bias}"))?;
            let is_weight =
                |name: &&&str| name.ends_with("_quantized") && self.constants.contains_key(**name);
            let matrix = product.inputs.iter().find(is_weight);
            let matrix = matrix.ok_or_else(|| format!("no matrix stands before {bias}"))?;
            // The graph holds [in, out], the checkpoint [out, in].
            let weights = self.dequantised(matrix)?.transposed();
            found.push((bias.replace(".bias", ".weight"), weights));
        }
        Ok(found)
    }

    fn product_above<'g>(
        &self,
        made_by: &HashMap<&str, &'g Node<'a>>,
        output: &str,
        steps: usize,
    ) -> Option<&'g Node<'a>> {
        let node = *made_by.get(output)?;
        if node.kind == "MatMulInteger" {
            return Some(node);
        }
        let steps = steps.checked_sub(1)?;
        node.inputs
            .iter()
            .find_map(|input| self.product_above(made_by, input, steps))
    }

    fn dequantised(&self, name: &str) -> Result<Weights, String> {
        let constant = |name: &str| {
            let found = self.constants.get(name);
            found.ok_or_else(|| format!("{name} is missing"))
        };
        let quantised = constant(name)?;
        let scales = constant(&name.replace("_quantized", "_scale"))?.floats();
        let zeros = constant(&name.replace("_quantized", "_zero_point"))?.wholes();
        // One scale for all, or one for each column.
        let columns = quantised.shape.last().copied().unwrap_or(1);
        let zeros = zeros.filter(|zeros| zeros.len() == scales.len());
        let zeros = zeros.filter(|_| scales.len() == 1 || scales.len() == columns);
        let zeros = zeros.ok_or_else(|| format!("the scales of {name} do not fit"))?;
        let numbers = quantised.raw.iter().enumerate().map(|(place, byte)| {
            let column = place % scales.len();
            f16::from_f32(f32::from(quantised.value_of(*byte) - zeros[column]) * scales[column])
        });
        Ok(Weights {
            shape: quantised.shape.clone(),
            numbers: numbers.collect(),
        })
    }
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8]) -> Option<Node<'a>> {
        let mut node = Node::default();
        for field in Fields(bytes) {
            match field? {
                (1, Value::Bytes(input)) => node.inputs.push(std::str::from_utf8(input).ok()?),
                (2, Value::Bytes(output)) => node.outputs.push(std::str::from_utf8(output).ok()?),
                (4, Value::Bytes(kind)) => node.kind = std::str::from_utf8(kind).ok()?,
                _ => {}
            }
        }
        Some(node)
    }
}

impl<'a> Constant<'a> {
    fn read(bytes: &'a [u8]) -> Option<(&'a str, Constant<'a>)> {
        let mut constant = Constant::default();
        let mut name = "";
        for field in Fields(bytes) {
            match field? {
                (1, Value::Number(size)) => constant.shape.push(usize::try_from(size).ok()?),
                (1, Value::Bytes(mut sizes)) => {
                    while !sizes.is_empty() {
                        constant
                            .shape
                            .push(usize::try_from(varint(&mut sizes)?).ok()?);
                    }
                }
                (2, Value::Number(kind)) => constant.kind = kind,
                (8, Value::Bytes(text)) => name = std::str::from_utf8(text).ok()?,
                // Floats, spelled whole numbers, or the plain bytes: whichever the writer chose.
                (number @ (4 | 5 | 9), Value::Bytes(raw)) => {
                    constant.raw = raw;
                    constant.is_spelled = number == 5;
                }
                _ => {}
            }
        }
        Some((name, constant))
    }

    fn as_they_are(&self) -> Weights {
        Weights {
            shape: self.shape.clone(),
            numbers: self.floats().into_iter().map(f16::from_f32).collect(),
        }
    }

    fn floats(&self) -> Vec<f32> {
        let (numbers, _) = self.raw.as_chunks::<4>();
        numbers
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect()
    }

    /// Small whole numbers: as they are, or each as a number of any length.
    fn wholes(&self) -> Option<Vec<i16>> {
        if !self.is_spelled {
            return Some(self.raw.iter().map(|byte| self.value_of(*byte)).collect());
        }
        let mut rest = self.raw;
        let mut numbers = Vec::new();
        while !rest.is_empty() {
            numbers.push(i16::try_from(varint(&mut rest)?.cast_signed()).ok()?);
        }
        Some(numbers)
    }

    fn value_of(&self, byte: u8) -> i16 {
        match self.kind {
            3 => i16::from(byte.cast_signed()),
            _ => i16::from(byte),
        }
    }
}

impl Weights {
    fn transposed(self) -> Weights {
        let [rows, columns] = self.shape[..] else {
            return self;
        };
        let numbers = (0..columns)
            .flat_map(|column| (0..rows).map(move |row| (row, column)))
            .map(|(row, column)| self.numbers[row * columns + column])
            .collect();
        Weights {
            shape: vec![columns, rows],
            numbers,
        }
    }
}

/// A field's value: a number or a run of bytes (a text, a message, packed numbers).
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a protobuf message with their numbers; nothing in place of one that is cut off.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = varint(&mut self.0)?;
        let length = match tag & 7 {
            0 => return Some((tag >> 3, Value::Number(varint(&mut self.0)?))),
            1 => 8,
            2 => usize::try_from(varint(&mut self.0)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((tag >> 3, Value::Bytes(value)))
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 127) << (7 * place);
        if byte & 128 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(number: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len() & 127).unwrap() | 128;
        let mut field = vec![
            number << 3 | 2,
            length,
            u8::try_from(content.len() >> 7).unwrap(),
        ];
        field.extend_from_slice(content);
        field
    }

    fn tensor(name: &str, shape: &[u8], kind: u8, raw: &[u8]) -> Vec<u8> {
        let sizes = shape.iter().flat_map(|size| [1 << 3, *size]);
        let mut tensor: Vec<u8> = sizes.chain([2 << 3, kind]).collect();
        tensor.extend(bytes(8, name.as_bytes()));
        tensor.extend(bytes(9, raw));
        bytes(5, &tensor)
    }

    fn node(kind: &str, inputs: &[&str], output: &str) -> Vec<u8> {
        let mut node: Vec<u8> = inputs
            .iter()
            .flat_map(|name| bytes(1, name.as_bytes()))
            .collect();
        node.extend(bytes(2, output.as_bytes()));
        node.extend(bytes(4, kind.as_bytes()));
        bytes(1, &node)
    }

    #[test]
    fn a_matrix_is_named_by_its_bias_and_turned_around() {
        let graph = [
            tensor("m_quantized", &[1, 2], 3, &[3, 254]),
            tensor("m_scale", &[], 1, &0.5_f32.to_le_bytes()),
            tensor("m_zero_point", &[], 3, &[1]),
            tensor("dense.bias", &[2], 1, &[0; 8]),
            node("MatMulInteger", &["x", "m_quantized"], "p"),
            node("Cast", &["p"], "c"),
            node("Add", &["c", "dense.bias"], "y"),
        ];
        let model = bytes(7, &graph.concat());
        let graph = Graph::read(&model).unwrap();
        let found = graph.checkpoint().unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["dense.bias", "dense.weight"]);
        assert_eq!(found[1].1.shape, [2, 1]);
        let numbers: Vec<f32> = found[1].1.numbers.iter().map(|x| x.to_f32()).collect();
        assert_eq!(numbers, [1.0, -1.5]);
    }

    #[test]
    fn a_graph_that_is_cut_off_is_refused() {
        let model = bytes(7, &tensor("m", &[1], 1, &[0; 4]));
        assert!(weights(&model[..model.len() - 1]).is_err());
    }
}
