import { graphql } from '../gql';

/** All that the records of each kind say, but for the raw line, which only an opened record shows. */
export const FlowFields = graphql(`
  fragment FlowFields on Flow {
    id cluster time host startTime endTime action reporter proto sourceIp sourceName sourceNameAggr
    sourceNamespace sourceType sourcePort sourceLabels destIp destName destNameAggr destNamespace destType
    destPort destLabels destServiceNamespace destServiceName destServicePort destServicePortNum destDomains
    bytesIn bytesOut packetsIn packetsOut numFlows numFlowsStarted numFlowsCompleted httpRequestsAllowedIn
    httpRequestsDeniedIn processName processId processArgs numProcessNames numProcessIds numProcessArgs
    natOutgoingPorts originalSourceIps numOriginalSourceIps tcpMeanSendCongestionWindow
    tcpMinSendCongestionWindow tcpMeanSmoothRtt tcpMaxSmoothRtt tcpMeanMinRtt tcpMaxMinRtt tcpMeanMss
    tcpMinMss tcpTotalRetransmissions tcpLostPackets tcpUnrecoveredTo sampling enforcedPolicies
    pendingPolicies transitPolicies allPolicies
    policyHits { set index tier kind namespace name action ruleIndex staged endOfTier trigger } edgeId
  }
`);
export const DnsFields = graphql(`
  fragment DnsFields on DnsLog {
    id cluster time host startTime endTime type count clientIp clientName clientNameAggr clientNamespace
    clientLabels qname qtype qclass rcode latencyCount latencyMean latencyMax
    rrsets { name type class rdata } servers { ip name nameAggr namespace labels } serverIp serverNameAggr
    serverNamespace
  }
`);
export const L7Fields = graphql(`
  fragment L7Fields on L7Log {
    id cluster time host startTime endTime bytesIn bytesOut durationMean durationMax count srcIp srcPort
    srcNameAggr srcNamespace srcType destIp destPort destNameAggr destNamespace destType destServiceName
    destServiceNamespace destServicePort url responseCode responseFlags method userAgent requestId type
    protocol protocolVersion collectorType collectorName tlsSni tlsVersion tlsCipherSuite
  }
`);
export const AuditFields = graphql(`
  fragment AuditFields on AuditLog {
    id cluster time auditID level stage requestURI verb user { username uid groups }
    impersonatedUser { username } sourceIPs userAgent
    objectRef { resource namespace name uid apiGroup apiVersion resourceVersion subresource }
    responseStatus { code status reason message } requestReceivedTimestamp stageTimestamp annotations
  }
`);
export const BgpFields = graphql(`
  fragment BgpFields on BgpLog {
    id cluster time host logtime ipVersion message peer peerIp event state reason
  }
`);
export const EventFields = graphql(`
  fragment EventFields on SecurityEvent {
    id cluster time eventId kind origin rule title description category severity tactics techniques
    mitigations sourceKind sourceNamespace sourceName sourceIp sourcePort destKind destNamespace destName
    destIp destPort proto action host evidence status statusBy statusAt
  }
`);
