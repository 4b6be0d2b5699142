//! The SNMP counters (include/linux/snmp.h), in the order in which /proc/net/snmp and the traces list them.

/// One counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mib {
    /// IpForwarding.
    IpForwarding,
    /// IpDefaultTTL.
    IpDefaultTTL,
    /// IpInReceives.
    IpInReceives,
    /// IpInHdrErrors.
    IpInHdrErrors,
    /// IpInAddrErrors.
    IpInAddrErrors,
    /// IpForwDatagrams.
    IpForwDatagrams,
    /// IpInUnknownProtos.
    IpInUnknownProtos,
    /// IpInDiscards.
    IpInDiscards,
    /// IpInDelivers.
    IpInDelivers,
    /// IpOutRequests.
    IpOutRequests,
    /// IpOutDiscards.
    IpOutDiscards,
    /// IpOutNoRoutes.
    IpOutNoRoutes,
    /// IpReasmTimeout.
    IpReasmTimeout,
    /// IpReasmReqds.
    IpReasmReqds,
    /// IpReasmOKs.
    IpReasmOKs,
    /// IpReasmFails.
    IpReasmFails,
    /// IpFragOKs.
    IpFragOKs,
    /// IpFragFails.
    IpFragFails,
    /// IpFragCreates.
    IpFragCreates,
    /// IcmpInMsgs.
    IcmpInMsgs,
    /// IcmpInErrors.
    IcmpInErrors,
    /// IcmpInDestUnreachs.
    IcmpInDestUnreachs,
    /// IcmpInTimeExcds.
    IcmpInTimeExcds,
    /// IcmpInParmProbs.
    IcmpInParmProbs,
    /// IcmpInSrcQuenchs.
    IcmpInSrcQuenchs,
    /// IcmpInRedirects.
    IcmpInRedirects,
    /// IcmpInEchos.
    IcmpInEchos,
    /// IcmpInEchoReps.
    IcmpInEchoReps,
    /// IcmpInTimestamps.
    IcmpInTimestamps,
    /// IcmpInTimestampReps.
    IcmpInTimestampReps,
    /// IcmpInAddrMasks.
    IcmpInAddrMasks,
    /// IcmpInAddrMaskReps.
    IcmpInAddrMaskReps,
    /// IcmpOutMsgs.
    IcmpOutMsgs,
    /// IcmpOutErrors.
    IcmpOutErrors,
    /// IcmpOutDestUnreachs.
    IcmpOutDestUnreachs,
    /// IcmpOutTimeExcds.
    IcmpOutTimeExcds,
    /// IcmpOutParmProbs.
    IcmpOutParmProbs,
    /// IcmpOutSrcQuenchs.
    IcmpOutSrcQuenchs,
    /// IcmpOutRedirects.
    IcmpOutRedirects,
    /// IcmpOutEchos.
    IcmpOutEchos,
    /// IcmpOutEchoReps.
    IcmpOutEchoReps,
    /// IcmpOutTimestamps.
    IcmpOutTimestamps,
    /// IcmpOutTimestampReps.
    IcmpOutTimestampReps,
    /// IcmpOutAddrMasks.
    IcmpOutAddrMasks,
    /// IcmpOutAddrMaskReps.
    IcmpOutAddrMaskReps,
    /// TcpRtoAlgorithm.
    TcpRtoAlgorithm,
    /// TcpRtoMin.
    TcpRtoMin,
    /// TcpRtoMax.
    TcpRtoMax,
    /// TcpMaxConn.
    TcpMaxConn,
    /// TcpActiveOpens.
    TcpActiveOpens,
    /// TcpPassiveOpens.
    TcpPassiveOpens,
    /// TcpAttemptFails.
    TcpAttemptFails,
    /// TcpEstabResets.
    TcpEstabResets,
    /// TcpCurrEstab.
    TcpCurrEstab,
    /// TcpInSegs.
    TcpInSegs,
    /// TcpOutSegs.
    TcpOutSegs,
    /// TcpRetransSegs.
    TcpRetransSegs,
    /// UdpInDatagrams.
    UdpInDatagrams,
    /// UdpNoPorts.
    UdpNoPorts,
    /// UdpInErrors.
    UdpInErrors,
    /// UdpOutDatagrams.
    UdpOutDatagrams,
}

/// How many counters there are.
pub const MIB_COUNT: usize = 61;

impl Mib {
    /// All counters in order.
    pub const ALL: [Self; MIB_COUNT] = [
        Self::IpForwarding,
        Self::IpDefaultTTL,
        Self::IpInReceives,
        Self::IpInHdrErrors,
        Self::IpInAddrErrors,
        Self::IpForwDatagrams,
        Self::IpInUnknownProtos,
        Self::IpInDiscards,
        Self::IpInDelivers,
        Self::IpOutRequests,
        Self::IpOutDiscards,
        Self::IpOutNoRoutes,
        Self::IpReasmTimeout,
        Self::IpReasmReqds,
        Self::IpReasmOKs,
        Self::IpReasmFails,
        Self::IpFragOKs,
        Self::IpFragFails,
        Self::IpFragCreates,
        Self::IcmpInMsgs,
        Self::IcmpInErrors,
        Self::IcmpInDestUnreachs,
        Self::IcmpInTimeExcds,
        Self::IcmpInParmProbs,
        Self::IcmpInSrcQuenchs,
        Self::IcmpInRedirects,
        Self::IcmpInEchos,
        Self::IcmpInEchoReps,
        Self::IcmpInTimestamps,
        Self::IcmpInTimestampReps,
        Self::IcmpInAddrMasks,
        Self::IcmpInAddrMaskReps,
        Self::IcmpOutMsgs,
        Self::IcmpOutErrors,
        Self::IcmpOutDestUnreachs,
        Self::IcmpOutTimeExcds,
        Self::IcmpOutParmProbs,
        Self::IcmpOutSrcQuenchs,
        Self::IcmpOutRedirects,
        Self::IcmpOutEchos,
        Self::IcmpOutEchoReps,
        Self::IcmpOutTimestamps,
        Self::IcmpOutTimestampReps,
        Self::IcmpOutAddrMasks,
        Self::IcmpOutAddrMaskReps,
        Self::TcpRtoAlgorithm,
        Self::TcpRtoMin,
        Self::TcpRtoMax,
        Self::TcpMaxConn,
        Self::TcpActiveOpens,
        Self::TcpPassiveOpens,
        Self::TcpAttemptFails,
        Self::TcpEstabResets,
        Self::TcpCurrEstab,
        Self::TcpInSegs,
        Self::TcpOutSegs,
        Self::TcpRetransSegs,
        Self::UdpInDatagrams,
        Self::UdpNoPorts,
        Self::UdpInErrors,
        Self::UdpOutDatagrams,
    ];

    /// Name as the traces write it, prefix included (`IpInReceives`).
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

/// Names in order.
const NAMES: [&str; MIB_COUNT] = [
    "IpForwarding",
    "IpDefaultTTL",
    "IpInReceives",
    "IpInHdrErrors",
    "IpInAddrErrors",
    "IpForwDatagrams",
    "IpInUnknownProtos",
    "IpInDiscards",
    "IpInDelivers",
    "IpOutRequests",
    "IpOutDiscards",
    "IpOutNoRoutes",
    "IpReasmTimeout",
    "IpReasmReqds",
    "IpReasmOKs",
    "IpReasmFails",
    "IpFragOKs",
    "IpFragFails",
    "IpFragCreates",
    "IcmpInMsgs",
    "IcmpInErrors",
    "IcmpInDestUnreachs",
    "IcmpInTimeExcds",
    "IcmpInParmProbs",
    "IcmpInSrcQuenchs",
    "IcmpInRedirects",
    "IcmpInEchos",
    "IcmpInEchoReps",
    "IcmpInTimestamps",
    "IcmpInTimestampReps",
    "IcmpInAddrMasks",
    "IcmpInAddrMaskReps",
    "IcmpOutMsgs",
    "IcmpOutErrors",
    "IcmpOutDestUnreachs",
    "IcmpOutTimeExcds",
    "IcmpOutParmProbs",
    "IcmpOutSrcQuenchs",
    "IcmpOutRedirects",
    "IcmpOutEchos",
    "IcmpOutEchoReps",
    "IcmpOutTimestamps",
    "IcmpOutTimestampReps",
    "IcmpOutAddrMasks",
    "IcmpOutAddrMaskReps",
    "TcpRtoAlgorithm",
    "TcpRtoMin",
    "TcpRtoMax",
    "TcpMaxConn",
    "TcpActiveOpens",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpCurrEstab",
    "TcpInSegs",
    "TcpOutSegs",
    "TcpRetransSegs",
    "UdpInDatagrams",
    "UdpNoPorts",
    "UdpInErrors",
    "UdpOutDatagrams",
];

/// The counters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statistics {
    counters: [u32; MIB_COUNT],
}

impl Default for Statistics {
    fn default() -> Self {
        Self { counters: [0; MIB_COUNT] }
    }
}

impl Statistics {
    /// Value of a counter.
    #[must_use]
    pub fn get(&self, counter: Mib) -> u32 {
        self.counters[counter as usize]
    }

    /// Sets a counter.
    pub fn set(&mut self, counter: Mib, value: u32) {
        self.counters[counter as usize] = value;
    }

    /// Adds one.
    pub fn increment(&mut self, counter: Mib) {
        let place = &mut self.counters[counter as usize];
        *place = place.wrapping_add(1);
    }

    /// Takes one away.
    pub fn decrement(&mut self, counter: Mib) {
        let place = &mut self.counters[counter as usize];
        *place = place.wrapping_sub(1);
    }
}
