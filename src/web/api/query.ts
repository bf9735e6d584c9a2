import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

/** What is asked again is what may come right by itself: a node that is away, a database that is away. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A cut is found by asking, not by what the browser thinks of its network.
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status < 500),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
