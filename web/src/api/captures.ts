import { graphql } from '../gql';
import type {
  CaptureSummariesQuery,
  CaptureSummaryQuery,
  PacketCapturesQuery,
  PreparePacketCaptureQuery,
} from '../gql/graphql';

export const PreparePacketCaptureDocument = graphql(`
  query PreparePacketCapture($capture: PacketCaptureInput!) {
    preparePacketCapture(capture: $capture) {
      cluster namespace name selector start end manifest command applicable whyNot
      problems { message path }
    }
  }
`);

export const ApplyPacketCaptureDocument = graphql(`
  mutation ApplyPacketCapture($capture: PacketCaptureInput!) {
    applyPacketCapture(capture: $capture) { name problems { message } }
  }
`);

export const RemovePacketCaptureDocument = graphql(`
  mutation RemovePacketCapture($id: ID!) { removePacketCapture(id: $id) { name problems { message } } }
`);

export const PacketCapturesDocument = graphql(`
  query PacketCaptures($clusters: [ID!]) {
    packetCaptures(clusters: $clusters) {
      reached
      captures {
        id cluster namespace name selector filters start end state appliedBy removable
        files { node state names copy }
      }
      problems { message }
    }
  }
`);

export const CaptureSummariesDocument = graphql(`
  query CaptureSummaries($clusters: [ID!]) {
    captureSummaries(clusters: $clusters, limit: 50) {
      id file cluster size packets conversationsSeen sentAt owner shared editable range { from to }
    }
  }
`);

export const CaptureSummaryDocument = graphql(`
  query CaptureSummary($id: ID!) {
    captureSummary(id: $id) {
      id file cluster size packets bytes foreign unreadable beyond conversationsSeen lookupsSeen
      range { from to }
      lookups(limit: 40) { name type asked answered failed code }
      conversations(limit: 100) {
        complete
        range { from to }
        nodes {
          protocol opened packetsOut packetsIn bytesOut bytesIn first last opens closes clientResets serverResets
          retransmissions unanswered troubled serverName names
          client { address port namespace name service }
          server { address port namespace name service }
          flows { records allowed denied basis filter }
        }
      }
    }
  }
`);

export const DeleteCaptureSummaryDocument = graphql(`
  mutation DeleteCaptureSummary($id: ID!) { deleteCaptureSummary(id: $id) { problems { message } } }
`);

export type PreparedCapture = PreparePacketCaptureQuery['preparePacketCapture'];
export type RunningCapture = PacketCapturesQuery['packetCaptures']['captures'][number];
export type SummaryRow = CaptureSummariesQuery['captureSummaries'][number];
export type Summary = NonNullable<CaptureSummaryQuery['captureSummary']>;
export type Conversation = Summary['conversations']['nodes'][number];
export type CapturedEnd = Conversation['client'];
