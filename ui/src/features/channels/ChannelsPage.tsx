export default function ChannelsPage() {
  return null;
}
