import { graphql } from '../gql';

export const ServiceEdgeDocument = graphql(`
  query ServiceEdge($id: ID!, $range: TimeRangeInput!, $filter: KQL) {
    serviceEdge(id: $id, range: $range, filter: $filter) {
      id
      range { from to }
      source { id kind name namespace cluster parentId members workloads(limit: 100) { namespace name } }
      target { id kind name namespace cluster parentId members workloads(limit: 100) { namespace name } }
      allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      reports {
        reporter
        allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
        denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      }
      ports(limit: 12) {
        protocol
        port
        service
        allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
        denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      }
      policies(limit: 30) { set reporter tier kind namespace name action ruleIndex staged endOfTier records connections }
      processes(limit: 8) { name args records firstSeen }
      tcp { meanSmoothRtt maxSmoothRtt meanMinRtt retransmissions lostPackets unrecoveredTimeouts }
    }
  }
`);
