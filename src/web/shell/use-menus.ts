import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client.ts';
import { usePermission } from '../session/session.ts';
import { type NavigationGroup, navigation } from './navigation.ts';

/** Whether this node runs the phone lab; undefined while it is not known. */
export function useLabThere(): boolean | undefined {
  const version = useQuery({
    queryKey: ['version'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await request('GET /version', { signal })).body,
  });
  return version.data?.lab;
}

/** The menus as they open to the person signed in, on this node. */
export function useMenus(): readonly NavigationGroup[] {
  const can = usePermission();
  const lab = useLabThere() === true;
  return navigation
    .map((group) => ({
      ...group,
      items: group.items.filter(
        (item) => (can(item.needs) || (item.or !== undefined && can(item.or))) && (lab || item.lab !== true),
      ),
    }))
    .filter((group) => group.items.length > 0);
}
