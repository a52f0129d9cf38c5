//! Counting requests, in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::Api;

/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0];

/// What is counted about requests since the start.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(String, String, u16), Seen>>,
}

#[derive(Default, Clone)]
struct Seen {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// A number with its name and what it says, for [`Metrics::text`].
pub struct Gauge {
    /// Its name with its labels.
    pub name: &'static str,
    /// Its labels, as `state="ready"`; empty for none.
    pub labels: String,
    /// What it says.
    pub help: &'static str,
    /// The number.
    pub value: u64,
}

/// Counts a routed request; streams count until their first byte.
pub async fn count(State(api): State<Api>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>();
    let route = path.map_or("", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    // The route, not the address: that may hold a secret.
    tracing::debug!("{method} {route}: {status} after {} ms", took.as_millis());
    api.metrics().saw((method, route, status), took);
    response
}

impl Metrics {
    fn saw(&self, key: (String, String, u16), took: Duration) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = routes.entry(key).or_default();
        let seconds = took.as_secs_f64();
        for (bucket, end) in seen.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= end);
        }
        seen.count += 1;
        seen.seconds += seconds;
    }

    /// Everything in Prometheus' text format, `gauges` included; gauges of one name stand together.
    pub fn text(&self, gauges: &[Gauge]) -> String {
        let mut out = String::new();
        let mut last = "";
        for gauge in gauges {
            if gauge.name != last {
                head(&mut out, gauge.name, gauge.help, "gauge");
                last = gauge.name;
            }
            let labels = match gauge.labels.as_str() {
                "" => String::new(),
                labels => format!("{{{labels}}}"),
            };
            line(
                &mut out,
                format_args!("{}{labels} {}", gauge.name, gauge.value),
            );
        }
        let name = "chatai_http_request_duration_seconds";
        head(
            &mut out,
            name,
            "requests by route, until the first byte",
            "histogram",
        );
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), seen) in routes.iter() {
            let labels = format!(r#"method="{method}",route="{route}",status="{status}""#);
            for (count, end) in seen.buckets.iter().zip(BUCKETS) {
                line(
                    &mut out,
                    format_args!(r#"{name}_bucket{{{labels},le="{end}"}} {count}"#),
                );
            }
            line(
                &mut out,
                format_args!(r#"{name}_bucket{{{labels},le="+Inf"}} {}"#, seen.count),
            );
            line(
                &mut out,
                format_args!("{name}_sum{{{labels}}} {}", seen.seconds),
            );
            line(
                &mut out,
                format_args!("{name}_count{{{labels}}} {}", seen.count),
            );
        }
        out
    }
}

fn head(out: &mut String, name: &str, help: &str, kind: &str) {
    line(out, format_args!("# HELP {name} {help}"));
    line(out, format_args!("# TYPE {name} {kind}"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes every write");
}
