//! Which addresses a site may have: those of the open Internet (security.md C10).
//!
//! Pure: an address in, a decision out. Taken from the registries of special addresses (IANA, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far an address is from the open Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reachable {
    /// On the open Internet.
    Public,
    /// This computer or the network around it: only where the owner allows the host by name.
    Private,
    /// Where a cloud keeps its keys, link-local, several hosts at once, or none: never.
    Never,
}

/// Where `address` leads.
pub(crate) fn reach(address: IpAddr) -> Reachable {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// Services of clouds that hand out keys to whoever asks from inside, at addresses that look like others.
const CLOUD_KEYS: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];
const CLOUD_KEYS_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

fn reach_v4(address: Ipv4Addr) -> Reachable {
    let [a, b, c, _] = address.octets();
    if CLOUD_KEYS.contains(&address) {
        return Reachable::Never;
    }
    match (a, b, c) {
        (127 | 10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => {
            Reachable::Private
        }
        // This network, link-local, protocol assignments, examples, 6to4 relays, benchmarks, groups, reserved.
        (0, ..)
        | (169, 254, _)
        | (192, 0, 0 | 2)
        | (192, 88, 99)
        | (198, 18 | 19, _)
        | (198, 51, 100)
        | (203, 0, 113)
        | (224.., ..) => Reachable::Never,
        _ => Reachable::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reachable {
    if address == CLOUD_KEYS_V6 {
        return Reachable::Never;
    }
    if address == Ipv6Addr::LOCALHOST {
        return Reachable::Private;
    }
    let parts = address.segments();
    match parts {
        // A network that speaks IPv6 only reaches the rest of the Internet so (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let inner = Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
            match reach_v4(inner) {
                Reachable::Public => Reachable::Public,
                _ => Reachable::Never,
            }
        }
        // Unique local addresses.
        [0xfc00..=0xfdff, ..] => Reachable::Private,
        // Teredo and other protocol assignments, examples, 6to4.
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] => Reachable::Never,
        [0x3fff, 0x0000..=0x0fff, ..] => Reachable::Never,
        [0x2000..=0x3fff, ..] => Reachable::Public,
        // Unspecified, IPv4 in disguise, link-local, site-local, groups, and what nobody has.
        _ => Reachable::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reachable {
        reach(text.parse().unwrap())
    }

    #[test]
    fn the_open_internet_is_public() {
        for text in [
            "93.184.216.34",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::5db8:d822",
        ] {
            assert_eq!(of(text), Reachable::Public, "{text}");
        }
    }

    #[test]
    fn this_computer_and_its_network_need_to_be_allowed() {
        for text in [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fd00::8",
            "fc00::1",
        ] {
            assert_eq!(of(text), Reachable::Private, "{text}");
        }
    }

    #[test]
    fn keys_of_clouds_and_disguises_are_never_reached() {
        for text in [
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "::ffff:127.0.0.1",
            "::ffff:93.184.216.34",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::",
            "2001:0:4136:e378::1",
            "2001:db8::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(of(text), Reachable::Never, "{text}");
        }
    }
}
